package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class LedgerTest {
    private final HeapStore store = new HeapStore();
    private final ManualTime time = new ManualTime();
    private final Ledger ledger = new Ledger(store, "shop-prod", time.clocks());

    @Test
    void theFirstRecordHasNoPredecessor() {
        RunRecord first = append(1);
        assertThat(first.seq()).isEqualTo(1);
        assertThat(first.prev()).isEmpty();
        assertThat(first.ledgerId()).isEqualTo(ledger.id());
        assertThat(UUID.fromString(first.recordId()).version()).isEqualTo(7);
        assertThat(first.json().path("schemaVersion").asInt()).isEqualTo(1);
    }

    @Test
    void sixteenAppendsAtOnceGetSixteenNumbersAndOneChain() throws InterruptedException, ExecutionException {
        try (var pool = Executors.newFixedThreadPool(16)) {
            List<Callable<RunRecord>> appends = IntStream.range(0, 16)
                    .<Callable<RunRecord>>mapToObj(i -> () -> append(i))
                    .toList();
            for (Future<RunRecord> append : pool.invokeAll(appends)) {
                assertThat(append.get().seq()).isBetween(1L, 16L);
            }
        }
        List<RunRecord> records = ledger.records().toList();
        assertThat(records)
                .extracting(RunRecord::seq)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 16).boxed().toList());
        for (int i = 1; i < records.size(); i++) {
            assertThat(records.get(i).prev()).isEqualTo(records.get(i - 1).sha256());
        }
        assertThat(records).extracting(RunRecord::recordId).doesNotHaveDuplicates();
    }

    @Test
    void anAnswerLostOnTheWayDoesNotWriteTheRecordTwice() {
        store.lostAnswers = key -> key.endsWith("000000000001.dsse.json");
        assertThat(append(1).seq()).isEqualTo(1);
        assertThat(ledger.records()).hasSize(1);
    }

    @Test
    void theNewestMatchingRecordIsFoundFromTheEnd() {
        IntStream.range(0, 5).forEach(i -> append(i % 2));
        assertThat(ledger.newest(record -> record.runId().equals("run-1")))
                .hasValueSatisfying(record -> assertThat(record.seq()).isEqualTo(4));
        assertThat(ledger.newest(record -> record.runId().equals("run-9"))).isEmpty();
    }

    @Test
    void whatIsNoRecordIsPassedOver() {
        append(1);
        store.objects.put("evidence/shop-prod/note.txt", new byte[] {1});
        store.objects.put("evidence/shop-prod/checkpoints/000000000009.dsse.json", new byte[] {1});
        assertThat(ledger.records()).hasSize(1);
    }

    @Test
    void aMissingRecordIsDamage() {
        assertDamaged("the record evidence/shop-prod/000000000007.dsse.json is missing", 7);
    }

    @Test
    void aRecordThatIsNoEnvelopeIsDamage() {
        String place = "the object evidence/shop-prod/000000000001.dsse.json ";
        put(1, "{\"schemaVersion\": ");
        assertDamaged(place + "is not the signed envelope it should be", 1);
        put(1, envelope("{}").replace("\"payload\"", " \"payload\""));
        assertDamaged(place + "is not the signed envelope it should be", 1);
        put(1, envelope("{}").replace("e30=", "e31="));
        assertDamaged(place + "holds base64 in another form than the one it was written in", 1);
        put(1, envelope("{}").replace("e30=", "e3==="));
        assertDamaged(place + "holds broken base64", 1);
        put(1, envelope("{\"predicateType\": "));
        assertDamaged(place + "is not the JSON it should be", 1);
        put(1, envelope("{}").replace("in-toto", "others"));
        assertDamaged(place + "holds no statement", 1);
    }

    @Test
    void aRecordOfANewerSchemaOrKindIsRefused() {
        String type = "{\"predicateType\":\"https://firedrill.io/attestations/recovery-run/v%d\",";
        put(1, envelope(type.formatted(1) + "\"predicate\":{\"schemaVersion\":2}}"));
        assertKind(FailureKind.FORMAT_TOO_NEW, () -> ledger.entry(1));
        put(1, envelope(type.formatted(2) + "\"predicate\":{\"schemaVersion\":1}}"));
        assertKind(FailureKind.FORMAT_TOO_NEW, () -> ledger.entry(1));
    }

    @Test
    void unsignedRecordsOfOldAreRefusedClearly() {
        store.objects.put("evidence/shop-prod/000000000001.json", new byte[] {'{', '}'});
        assertThatThrownBy(() -> ledger.records().toList())
                .isInstanceOf(Failure.class)
                .hasMessageContaining("evidence/shop-prod/000000000001.json is an unsigned record");
        assertKind(FailureKind.CONFIGURATION_INVALID, () -> append(1));
    }

    @Test
    void aLedgerIdIsAPlainName() {
        assertThatThrownBy(() -> new Ledger(store, "a/b", time.clocks())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void runIdsSortByTime() {
        var random = RandomGenerator.getDefault();
        String earlier = RunIds.next(Instant.parse("2026-11-14T10:00:00Z"), random);
        String later = RunIds.next(Instant.parse("2026-11-14T10:00:00.001Z"), random);
        assertThat(earlier).isLessThan(later);
        assertThat(UUID.fromString(earlier).variant()).isEqualTo(2);
    }

    private RunRecord append(int run) {
        return new Ledger(store, "shop-prod", time.clocks())
                .writer(Samples.KEY, Optional.empty())
                .append(statement(run))
                .run();
    }

    private static String envelope(String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        return new String(
                Envelope.signed(Statement.PAYLOAD_TYPE, bytes, Samples.KEY).bytes(), StandardCharsets.UTF_8);
    }

    private static void assertKind(FailureKind kind, ThrowingCallable refused) {
        assertThatThrownBy(refused)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(kind));
    }

    private void put(int seq, String text) {
        store.objects.put("evidence/shop-prod/%012d.dsse.json".formatted(seq), text.getBytes(StandardCharsets.UTF_8));
    }

    private void assertDamaged(String message, long seq) {
        assertThatThrownBy(() -> ledger.entry(seq))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(FailureKind.BACKUP_DAMAGED))
                .hasMessage(message);
    }

    private static ObjectNode statement(int run) {
        ObjectNode statement = Json.object();
        statement.putObject("run").put("runId", "run-" + run);
        return statement;
    }
}
