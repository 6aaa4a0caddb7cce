package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.ObjectStores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may add to a ledger, and what is there when a process dies in between. */
class LedgerWriterTest {
    private static final SigningKey OTHER = SigningKey.make();

    private final SampleLedger ledger = new SampleLedger(3);

    @Test
    void eachRecordHasACheckpointThatContinuesTheOneBefore() {
        CompactRange tree = CompactRange.EMPTY;
        String before = "";
        for (long seq = 1; seq <= 3; seq++) {
            LedgerEntry entry = ledger.ledger.entry(seq);
            Checkpoint checkpoint = ledger.ledger.checkpoint(seq).orElseThrow();
            tree = tree.with(CompactRange.leaf(entry.payload()));
            assertThat(checkpoint.root()).isEqualTo(tree.rootHex());
            assertThat(checkpoint.head()).isEqualTo(entry.sha256());
            assertThat(checkpoint.prev()).isEqualTo(before);
            assertThat(checkpoint.keyInForce()).isEqualTo(SampleLedger.KEY.id());
            before = checkpoint.sha256();
        }
    }

    @Test
    void aKeyThatIsNotTheLedgersIsRefused() {
        Failure failure = failure(() -> ledger.writer(OTHER).requireOurs());
        assertThat(failure.kind()).isEqualTo(FailureKind.KEY_WRONG);
        assertThat(failure.text()).contains("shop-prod", SampleLedger.KEY.id(), OTHER.id());
        assertThat(failure(() -> ledger.append(1, OTHER)).kind()).isEqualTo(FailureKind.KEY_WRONG);
        assertThat(ledger.size()).isEqualTo(3);
    }

    @Test
    void anEmptyLedgerTakesAnyKey() {
        var empty = new SampleLedger(0);
        assertThat(empty.ledger.keyInForce()).isEmpty();
        empty.writer(OTHER).requireOurs();
        empty.append(1, OTHER);
        assertThat(empty.ledger.keyInForce()).contains(OTHER.id());
    }

    @Test
    void aRunThatDiedBeforeItsCheckpointIsToldAndTheNextOneWritesIt() {
        ledger.store.refusedCreates = key -> key.contains("/checkpoints/");
        assertThat(failure(() -> ledger.append(1, SampleLedger.KEY)).kind())
                .isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        ledger.store.refusedCreates = _ -> false;
        assertThat(ledger.size()).isEqualTo(4);
        assertThat(ledger.ledger.checkpoint(4)).isEmpty();
        assertThat(ledger.ledger.keyInForce()).contains(SampleLedger.KEY.id());
        LedgerVerdict verdict = ledger.verify();
        assertThat(verdict.isSound()).isTrue();
        assertThat(verdict.notes()).anySatisfy(note -> assertThat(note).contains("record 4 has no checkpoint"));

        ledger.append(1, SampleLedger.KEY);
        assertThat(ledger.ledger.checkpoint(4)).isPresent();
        assertThat(ledger.verify().notes()).noneSatisfy(note -> assertThat(note).contains("no checkpoint"));
        assertThat(ledger.verify().isSound()).isTrue();
    }

    @Test
    void aForeignKeyDoesNotSealWhatARunLeftUnsealed() {
        ledger.store.refusedCreates = key -> key.contains("/checkpoints/");
        assertThat(failure(() -> ledger.append(1, SampleLedger.KEY)).kind())
                .isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        ledger.store.refusedCreates = _ -> false;
        assertThat(failure(() -> ledger.writer(OTHER).requireOurs()).kind()).isEqualTo(FailureKind.KEY_WRONG);
        assertThat(failure(() -> ledger.append(1, OTHER)).kind()).isEqualTo(FailureKind.KEY_WRONG);
        assertThat(ledger.ledger.checkpoint(4)).isEmpty();
        ledger.append(1, SampleLedger.KEY);
        assertThat(ledger.verify().isSound()).isTrue();
        assertThat(ledger.size()).isEqualTo(5);
    }

    @Test
    void aRunWhoseCheckpointCannotBeStoredIsNoSuccess() {
        RunLog run = RunLog.begin(ledger.store, ledger.time.clocks(), Samples.start(RunKind.DRILL, Objectives.NONE));
        ledger.store.refusedCreates = key -> key.contains("/checkpoints/");
        Failure failure = failure(() -> run.finish(ledger.writer(SampleLedger.KEY), null, 0));
        assertThat(failure.kind()).isEqualTo(FailureKind.EVIDENCE_NOT_STORED);
    }

    @Test
    void anAnswerLostOnTheWayWritesNothingTwice() {
        ledger.store.lostAnswers = _ -> true;
        ledger.append(2, SampleLedger.KEY);
        assertThat(ledger.size()).isEqualTo(5);
        assertThat(ledger.verify().isSound()).isTrue();
    }

    @Test
    void nothingIsAddedToALedgerThatDoesNotHoldTogether() {
        var unsealed = ledger.copy();
        unsealed.store.objects.remove(key(unsealed, "checkpoints/000000000003"));
        unsealed.store.objects.remove(key(unsealed, "checkpoints/000000000002"));
        assertDamaged(unsealed, "checkpoints/000000000002.dsse.json is missing, and a record that came after");

        var swapped = ledger.copy();
        swapped.store.objects.remove(key(swapped, "checkpoints/000000000003"));
        swapped.store.objects.put(
                key(swapped, "000000000003"), swapped.store.objects.get(key(swapped, "000000000002")));
        assertDamaged(swapped, "000000000003.dsse.json does not follow on what came before it");

        var foreign = ledger.copy();
        foreign.store.objects.put(
                key(foreign, "checkpoints/000000000003"),
                foreign.store.objects.get(key(foreign, "checkpoints/000000000002")));
        assertDamaged(foreign, "is not a checkpoint that this ledger's keys signed");

        var misnamed = ledger.copy();
        misnamed.store.objects.put(
                "evidence/shop-prod/keys/" + SampleLedger.KEY.id() + ".pem",
                OTHER.publicKey().pem().getBytes(StandardCharsets.US_ASCII));
        assertDamaged(misnamed, "is not the public key it is named after");
    }

    @Test
    void aWitnessHoldsACopyOfEachCheckpointAndSeesARollback() {
        var witness = new HeapStore();
        LedgerWriter writer = ledger.ledger.writer(SampleLedger.KEY, Optional.of(witness));
        writer.append(SampleLedger.run(1));
        writer.append(SampleLedger.run(2));
        assertThat(witness.keys("evidence/shop-prod/checkpoints/")).hasSize(2);
        assertThat(ledger.verification().witnessedBy(witness).verify().isSound())
                .isTrue();

        ledger.cut(4);
        LedgerVerdict cut = ledger.verification().witnessedBy(witness).verify();
        assertThat(cut.isSound()).isFalse();
        assertThat(cut.faults()).isEqualTo(1);
        ledger.time.pass(1);
        Failure failure = failure(() -> writer.append(SampleLedger.run(3)));
        assertThat(failure.text()).contains("the witness heap: holds another checkpoint");
    }

    @Test
    void aLedgerGoesOnWithAnotherKeyThatTheOldOneNames() {
        LedgerEntry change = ledger.writer(SampleLedger.KEY)
                .changeKey(OTHER.publicKey(), "ada")
                .entry();
        assertThat(change.word()).isEqualTo("key-change");
        assertThat(change.operator()).isEqualTo("ada");
        assertThat(change.run()).isEmpty();
        assertThat(ledger.ledger.keyInForce()).contains(OTHER.id());
        assertThat(failure(() -> ledger.append(1, SampleLedger.KEY)).kind()).isEqualTo(FailureKind.KEY_WRONG);
        ledger.append(2, OTHER);

        assertThat(ledger.verify().isSound()).isTrue();
        assertThat(ledger.verify().trust()).contains("on first use", SampleLedger.KEY.id());
        assertThat(trusting(OTHER).isSound()).isTrue();
        assertThat(trusting(OTHER).trust()).isEqualTo("in pinned keys: " + OTHER.id());
        assertThat(trusting(SigningKey.make()).isSound()).isFalse();
    }

    /** The way on when a key is lost: another ledger, whose first record cites where the old one ended. */
    @Test
    void aLostKeyEndsALedgerAndTheNextOneCitesItsLastCheckpoint() {
        Checkpoint last = ledger.ledger.checkpoint(3).orElseThrow();
        var next = new Ledger(ledger.store, "shop-prod-2", ledger.time.clocks());
        next.writer(OTHER, Optional.empty()).append(SampleLedger.run(0));
        next.writer(OTHER, Optional.empty()).append(SampleLedger.run(1));
        assertThat(new LedgerVerification(next).withoutArtefacts().verify().isSound())
                .isTrue();
        assertThat(next.entry(1).predicate().path("ledgers").toString())
                .isEqualTo("[{\"ledger\":\"shop-prod\",\"checkpoint\":\"%s\"}]".formatted(last.copy()));
        assertThat(next.entry(2).predicate().has("ledgers")).isFalse();
        assertThat(ledger.verify().isSound()).isTrue();

        ledger.cut(2);
        LedgerVerdict cut = ledger.verify();
        assertThat(cut.isSound()).isFalse();
        assertThat(cut.areas().stream().flatMap(area -> area.faults().stream()))
                .extracting(LedgerVerdict.Fault::object)
                .containsExactly("evidence/shop-prod-2/000000000001.dsse.json (3)");
        ledger.store.objects.put("evidence/shop-prod-2/000000000001.dsse.json", new byte[] {1});
        assertThat(ledger.verify().notes()).anySatisfy(note -> assertThat(note).contains("another ledger"));
    }

    /** Two writers with clients of their own in one directory, as two processes are. */
    @Test
    void processesThatAppendAtOnceLeaveOneWholeLedger(@TempDir Path folder)
            throws InterruptedException, ExecutionException {
        int each = 20;
        try (var pool = Executors.newFixedThreadPool(2)) {
            List<Callable<List<Long>>> writers = IntStream.range(0, 2)
                    .<Callable<List<Long>>>mapToObj(_ -> () -> {
                        try (var store = ObjectStores.directory(folder)) {
                            LedgerWriter writer = new Ledger(store, "shop-prod", ledger.time.clocks())
                                    .writer(SampleLedger.KEY, Optional.empty());
                            return IntStream.range(0, each)
                                    .mapToObj(i -> writer.append(SampleLedger.run(i))
                                            .entry()
                                            .seq())
                                    .toList();
                        }
                    })
                    .toList();
            var numbers = new HashSet<Long>();
            for (Future<List<Long>> written : pool.invokeAll(writers)) {
                numbers.addAll(written.get());
            }
            assertThat(numbers).hasSize(2 * each);
        }
        try (var store = ObjectStores.directory(folder)) {
            LedgerVerdict verdict = new LedgerVerification(new Ledger(store, "shop-prod", ledger.time.clocks()))
                    .withoutArtefacts()
                    .verify();
            assertThat(verdict.isSound()).as(verdict.toString()).isTrue();
            assertThat(verdict.size()).isEqualTo(2L * each);
        }
    }

    private LedgerVerdict trusting(SigningKey key) {
        return ledger.verification().trusting(List.of(key.publicKey())).verify();
    }

    private static String key(SampleLedger of, String name) {
        return "evidence/" + of.ledger.id() + "/" + name + ".dsse.json";
    }

    private static void assertDamaged(SampleLedger broken, String how) {
        Failure failure = failure(() -> broken.append(1, SampleLedger.KEY));
        assertThat(failure.kind()).isEqualTo(FailureKind.BACKUP_DAMAGED);
        assertThat(failure.text()).contains(how);
    }

    private static Failure failure(ThrowingCallable refused) {
        return catchThrowableOfType(Failure.class, refused);
    }
}
