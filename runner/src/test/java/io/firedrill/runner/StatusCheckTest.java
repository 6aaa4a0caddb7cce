package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.Clocks;
import io.firedrill.evidence.LargeLedger;
import io.firedrill.evidence.Ledger;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The first screen of the morning, on stores as they look after some days, and what monitoring is told. */
class StatusCheckTest {
    private static final int DAYS = 5;
    private static final String NOBODY = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private RealCall call = new RealCall(Path.of("."));

    @BeforeEach
    void begin() {
        call = new RealCall(directory).with("FIREDRILL_SOURCE_URI", NOBODY);
    }

    private JsonNode status() {
        call.succeed("status", "--output", "json");
        return JsonMapper.shared().readTree(call.out());
    }

    private List<String> reasons() {
        return status().path("reasons")
                .valueStream()
                .map(reason -> reason.path("state").asString() + " "
                        + reason.path("why").asString())
                .toList();
    }

    private void filled() {
        var _ = new LargeStore(call.store(), DAYS).make();
    }

    private Path record(long seq) {
        return call.store().resolve("evidence/default/%012d.dsse.json".formatted(seq));
    }

    @Test
    void anEmptyStoreFailsTheCheckAndOnlyTheCheck() {
        call.succeed("status");
        assertThat(call.out()).startsWith("FAILING  no sealed backup: nothing can be restored");
        RealCall.Told told = call.fail(71, "status", "--check");
        assertThat(told.message()).contains("no sealed backup");
        assertThat(told.hint()).contains("firedrill backup");
        assertThat(call.out()).startsWith("FAILING  ");
    }

    @Test
    void whereAllIsProvenTheCheckIsOk() {
        filled();
        assertThat(reasons()).isEmpty();
        call.succeed("status", "--check");
        assertThat(call.out()).startsWith("OK  the newest backup is proven").contains("Due         backup 0 ");
        assertThat(status().at("/lastBackup/state").asString()).isEqualTo("proven");
        assertThat(status().at("/schedule/0/last").asString()).isEqualTo("PASSED");
        call.succeed("backups", "--output", "json");
        assertThat(JsonMapper.shared().readTree(call.out()).path("backups"))
                .hasSize(DAYS)
                .allSatisfy(
                        backup -> assertThat(backup.path("state").asString()).isEqualTo("proven"));
    }

    @Test
    void aPointOlderThanItsTargetFails() {
        filled();
        assertThat(call.fail(71, "status", "--check", "--rpo-target", "1m").message())
                .contains("what can be recovered is ", "and rpo-target allows 1m");
        assertThat(call.out()).contains("LATE");
    }

    @Test
    void aScheduleThatIsNotOnRecordNeedsAttention() {
        filled();
        assertThat(call.fail(70, "status", "--check", "--schedule", "backup 0 3 * * *")
                        .message())
                .contains("the schedule that is set is not on record");
    }

    /** The store holds manifests and nothing that they name. */
    @Test
    void aStoreThatWasFoundDamagedFails() {
        filled();
        // With a key of its own: that of the store's records is nowhere.
        call.with("FIREDRILL_LEDGER", "another");
        call.fail(12, "verify");
        assertThat(call.fail(71, "status", "--check").message()).contains("the newest verify FAILED");
    }

    @Test
    void aBackupRunThatFailedFails() {
        call.fail(40, "backup");
        assertThat(reasons())
                .containsExactly(
                        "FAILING no sealed backup: nothing can be restored",
                        "FAILING the newest backup run ended FAILED");
    }

    /** Everything after the first days is gone, so what the schedule says was due since was missed. */
    @Test
    void whatWasMissedFailsOrNeedsAttentionByItsKind() throws IOException {
        filled();
        for (long seq = (DAYS - 2) * LargeLedger.RECORDS_A_DAY + 1; Files.exists(record(seq)); seq++) {
            Files.delete(record(seq));
            Files.delete(call.store().resolve("evidence/default/checkpoints/%012d.dsse.json".formatted(seq)));
        }
        assertThat(reasons())
                .contains(
                        "FAILING the last backup that was due was missed",
                        "ATTENTION the last restore-drill that was due was missed")
                .anyMatch(reason -> reason.matches("ATTENTION [23456] missed runs not on record"));
        call.succeed("status");
        assertThat(call.out()).contains("Missed      restore-drill, due ", ", not recorded");
    }

    /** The record says what it said; its signature no longer holds. The index, which was made before, believes it still. */
    @Test
    void aProofWhoseSignatureDoesNotHoldIsNone() throws IOException {
        filled();
        assertThat(status().at("/lastBackup/state").asString()).isEqualTo("proven");
        long drill = (DAYS - 1) * LargeLedger.RECORDS_A_DAY + 2;
        String text = Files.readString(record(drill), StandardCharsets.US_ASCII);
        int at = text.indexOf("\"sig\":\"") + 7;
        char other = text.charAt(at) == 'A' ? 'B' : 'A';
        Files.writeString(record(drill), text.substring(0, at) + other + text.substring(at + 1));
        assertThat(status().at("/lastBackup/state").asString()).isEqualTo("sealed");
        assertThat(status().at("/lastProven/backupId").asString())
                .isNotEqualTo(status().at("/lastBackup/backupId").asString());
    }

    @Test
    void theCopyOfAnOlderProofAtTheEndProvesNothing() throws IOException {
        filled();
        String last = status().at("/lastProven/backupId").asString();
        long next = DAYS * LargeLedger.RECORDS_A_DAY + 1;
        Files.copy(record(2), record(next));
        assertThat(status().at("/lastProven/backupId").asString()).isEqualTo(last);
    }

    @Test
    void aLedgerThatNoPinnedKeySignedProvesNothing() {
        filled();
        call.succeed("evidence", "keys", "create", "--out", "other");
        String root = directory.resolve("other").resolve("evidence-public.pem").toString();
        call.with("FIREDRILL_EVIDENCE_ROOTS", root);
        assertThat(call.fail(43, "status").message()).contains("signed by none of the keys that evidence-roots names");
    }

    @Test
    void theIndexIsMadeAgainWhenItIsGoneBrokenOrOfAnotherLedger() throws IOException {
        filled();
        String verdict = status().path("verdict").asString();
        Path index;
        try (Stream<Path> files = Files.list(directory.resolve("state/index"))) {
            index = files.findFirst().orElseThrow();
        }
        byte[] good = Files.readAllBytes(index);
        Files.writeString(index, "1\tx");
        assertThat(status().path("verdict").asString()).isEqualTo(verdict);
        assertThat(index).hasBinaryContent(good);
        Files.delete(index);
        assertThat(status().path("verdict").asString()).isEqualTo(verdict);
        assertThat(index).hasBinaryContent(good);

        // Another history under the same name: every record is read again.
        Path aside = directory.resolve("aside");
        Files.move(call.store(), aside, StandardCopyOption.ATOMIC_MOVE);
        filled();
        assertThat(status().path("verdict").asString()).isEqualTo(verdict);
        assertThat(Files.readAllBytes(index)).isNotEqualTo(good);
        try (ObjectStore store = ObjectStores.directory(call.store())) {
            assertThat(new Ledger(store, "default", Clocks.system()).traces(List.of()))
                    .hasSize(DAYS * LargeLedger.RECORDS_A_DAY);
        }
    }
}
