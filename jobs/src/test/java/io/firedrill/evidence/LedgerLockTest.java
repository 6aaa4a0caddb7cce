package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.RecordSchema;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that the store keeps whoever asks to delete them, and what is said where it does not. */
class LedgerLockTest {
    private static final Duration YEAR = Duration.ofDays(365);

    private final SampleLedger ledger = new SampleLedger(1);

    private LedgerWriter locking(ObjectStore store) {
        return new Ledger(store, "shop-prod", ledger.time.clocks())
                .writer(SampleLedger.KEY, Optional.empty(), Optional.of(YEAR));
    }

    private LedgerEntry append() {
        return locking(ledger.store).append(SampleLedger.run(1)).entry();
    }

    private LedgerVerdict verify() {
        return new LedgerVerification(ledger.ledger).verify();
    }

    private List<String> lockFaults() {
        return verify().areas().stream()
                .filter(area -> area.name().equals("locks"))
                .flatMap(area -> area.faults().stream())
                .map(LedgerVerdict.Fault::object)
                .toList();
    }

    @Test
    void aRecordSaysUntilWhenItIsLockedAndSoIsItsCheckpoint() {
        LedgerEntry entry = append();
        RecordSchema.RECOVERY_RUN.check(entry.payload());
        Instant until = Instant.parse(entry.text("/retention/evidenceRetainUntil"));
        assertThat(until).isEqualTo(ledger.time.now().plus(YEAR));
        assertThat(entry.text("/retention/lockMode")).isEqualTo("COMPLIANCE");
        assertThat(ledger.store.locks.get("evidence/shop-prod/000000000002.dsse.json"))
                .isEqualTo(until);
        assertThat(ledger.store.locks.get("evidence/shop-prod/checkpoints/000000000002.dsse.json"))
                .isEqualTo(until);
        assertThat(verify().areas()).contains(new LedgerVerdict.Area("locks", 1, 1, List.of()));
    }

    @Test
    void whereTheStoreForgetsTheLockTheRunIsNoSuccess() {
        ledger.store.forgetsLocks = key -> key.endsWith("0002.dsse.json");
        Failure failure = catchThrowableOfType(Failure.class, this::append);
        assertThat(failure.kind()).isEqualTo(FailureKind.EVIDENCE_NOT_STORED);
        assertThat(failure.text()).contains("heap:", "000000000002.dsse.json", "does not keep it locked until");
        ledger.store.forgetsLocks = key -> key.contains("/checkpoints/");
        assertThat(catchThrowableOfType(Failure.class, this::append).text()).contains("/checkpoints/");
    }

    @Test
    void beforeAnythingIsRunTheKeyTellsWhetherTheStoreLocks(@TempDir Path folder) {
        ledger.store.forgetsLocks = key -> key.endsWith(".pem");
        ledger.store.objects.clear();
        assertThat(catchThrowableOfType(
                                Failure.class, () -> locking(ledger.store).requireOurs())
                        .kind())
                .isEqualTo(FailureKind.EVIDENCE_NOT_STORED);
        try (ObjectStore directory = ObjectStores.directory(folder)) {
            Failure failure =
                    catchThrowableOfType(Failure.class, () -> locking(directory).requireOurs());
            assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
            assertThat(failure.text()).contains("a directory does not lock objects");
            assertThat(failure.hint()).contains("FIREDRILL_EVIDENCE_LOCK");
        }
    }

    /** The ledger's key was published when nobody asked for locks. */
    @Test
    void aLedgerThatHasRecordsIsLockedFromANoteOnOrRefused() {
        ledger.store.forgetsLocks = key -> true;
        Failure failure =
                catchThrowableOfType(Failure.class, () -> locking(ledger.store).requireOurs());
        assertThat(failure.kind()).isEqualTo(FailureKind.EVIDENCE_NOT_STORED);
        assertThat(failure.text()).contains("evidence/shop-prod/lock and does not keep it locked until");
        assertThat(ledger.ledger.files().seqs().length)
                .as("nothing was recorded")
                .isEqualTo(1);
        // What is there without a lock shows nothing, and is not taken for a lock later.
        ledger.store.forgetsLocks = key -> false;
        assertThat(catchThrowableOfType(
                                Failure.class, () -> locking(ledger.store).requireOurs())
                        .kind())
                .isEqualTo(FailureKind.EVIDENCE_NOT_STORED);
        ledger.store.objects.remove("evidence/shop-prod/lock");
        locking(ledger.store).requireOurs();
        Instant until = ledger.time.now().plus(YEAR);
        assertThat(ledger.store.locks).containsEntry("evidence/shop-prod/lock", until);
        ledger.time.pass(Duration.ofDays(1));
        locking(ledger.store).requireOurs();
        assertThat(ledger.store.locks).as("it is written once").containsEntry("evidence/shop-prod/lock", until);
        append();
        assertThat(verify().areas())
                .filteredOn(area -> List.of("sequence", "keys", "locks").contains(area.name()))
                .hasSize(3)
                .allMatch(area -> area.faults().isEmpty());
    }

    @Test
    void aNoteOfAnotherHandIsNamed() {
        ledger.store.objects.put("evidence/shop-prod/lock", new byte[] {1});
        Failure failure =
                catchThrowableOfType(Failure.class, () -> locking(ledger.store).requireOurs());
        assertThat(failure.kind()).isEqualTo(FailureKind.BACKUP_DAMAGED);
        assertThat(failure.text()).contains("evidence/shop-prod/lock");
    }

    @Test
    void aDirectoryThatHasRecordsIsRefusedAsWell(@TempDir Path folder) {
        try (ObjectStore directory = ObjectStores.directory(folder)) {
            new Ledger(directory, "shop-prod", ledger.time.clocks())
                    .writer(SampleLedger.KEY, Optional.empty())
                    .append(SampleLedger.run(0));
            Failure failure =
                    catchThrowableOfType(Failure.class, () -> locking(directory).requireOurs());
            assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
            assertThat(failure.text()).contains("evidence/shop-prod/lock", "a directory does not lock objects");
        }
    }

    @Test
    void aLockThatIsGoneOrTooShortIsAFault() {
        append();
        ledger.store.locks.computeIfPresent(
                "evidence/shop-prod/000000000002.dsse.json", (_, until) -> until.minusSeconds(1));
        assertThat(lockFaults()).containsExactly("evidence/shop-prod/000000000002.dsse.json");
        append();
        ledger.store.locks.remove("evidence/shop-prod/checkpoints/000000000003.dsse.json");
        assertThat(lockFaults())
                .containsExactly(
                        "evidence/shop-prod/000000000002.dsse.json", "evidence/shop-prod/000000000003.dsse.json");
        assertThat(verify().isSound()).isFalse();
    }

    @Test
    void aLockThatHasRunOutIsNoFault() {
        append();
        ledger.store.locks.clear();
        ledger.time.pass(YEAR.plusSeconds(1));
        assertThat(lockFaults()).isEmpty();
    }

    @Test
    void itIsSaidThatNoRecordIsLocked() {
        assertThat(verify().notes())
                .contains("no record is locked by the store: whoever may delete in heap: may delete evidence");
        append();
        assertThat(verify().notes()).noneMatch(note -> note.contains("locked"));
    }
}
