package io.firedrill.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.SigningKey;
import io.firedrill.readiness.Finding.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What selectors find in a ledger of real, signed records. */
class RecordEvidenceTest {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Selector DRILL = new Selector.Run(RunKind.DRILL, MONTH, true, true);
    private static final Selector BACKUP = new Selector.Backup(Duration.ofHours(24));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Room room = new Room(Path.of("."));

    @BeforeEach
    void enter() {
        room = new Room(directory);
    }

    private RunRecord drill(Duration took) {
        return room.runs.recovered(RunKind.DRILL, took);
    }

    @Test
    void aDrillThatMetItsObjectivesIsFoundWithItsNumberAndDigestAndUntilWhenItCounts() {
        assertThat(room.find(DRILL).result()).isEqualTo(Result.MISSING);
        RunRecord run = drill(Duration.ofMinutes(5));
        Finding found = room.find(DRILL);
        assertThat(found.result()).as(found.reason()).isEqualTo(Result.HOLDS);
        assertThat(found.proof().orElseThrow().seq()).isEqualTo(run.seq());
        assertThat(found.proof().orElseThrow().sha256()).isEqualTo(run.sha256());
        assertThat(found.until()).contains(run.finishedAt().plus(MONTH));
    }

    @Test
    void aDrillExpiresToTheSecond() {
        RunRecord run = drill(Duration.ofMinutes(5));
        room.runs.pass(Duration.between(room.runs.now(), run.finishedAt().plus(MONTH)));
        assertThat(room.find(DRILL).result()).isEqualTo(Result.HOLDS);
        room.runs.pass(Duration.ofSeconds(1));
        Finding stale = room.find(DRILL);
        assertThat(stale.result()).isEqualTo(Result.STALE);
        assertThat(stale.reason()).contains("record 1 is of", "too old since");
    }

    @Test
    void aLateAPartialAndARefutedDrillAreNoEvidenceThatItMetItsTarget() {
        drill(Duration.ofMinutes(20));
        room.runs.recoveredInPart(RunKind.DRILL);
        room.runs.refuted();
        assertThat(room.find(DRILL).result()).isEqualTo(Result.MISSING);
        assertThat(room.find(new Selector.Run(RunKind.DRILL, MONTH, false, false))
                        .result())
                .as("a missed target is no passed run")
                .isEqualTo(Result.MISSING);
        assertThat(room.find(DRILL).reason())
                .isEqualTo("no restore-drill is what is asked for; the newest, record 3, came to FAILED");
    }

    @Test
    void aRunFromAheadOfTheClockDoesNotCount() {
        drill(Duration.ofMinutes(5));
        room.runs.pass(Duration.ofDays(-1));
        assertThat(room.find(DRILL).result()).isEqualTo(Result.MISSING);
    }

    @Test
    void aBackupCountsByTheMomentItShowsAndWhileItsManifestIsThere() {
        room.runs.backedUp();
        assertThat(room.find(BACKUP).result()).isEqualTo(Result.HOLDS);
        room.runs.pass(Duration.ofHours(24).minusMinutes(9));
        assertThat(room.find(BACKUP).result())
                .as("it shows a moment ten minutes before it")
                .isEqualTo(Result.STALE);
    }

    @Test
    void aBackupWhoseManifestRetentionDeletedIsNoEvidence() {
        room.runs.pruned(room.runs.backedUp());
        assertThat(room.facts().problem())
                .as("the ledger says what became of it")
                .isEmpty();
        Finding gone = room.find(BACKUP);
        assertThat(gone.result()).isEqualTo(Result.MISSING);
        assertThat(gone.reason()).contains("the newest, record 1, is of one that is not in the store any more");
    }

    @Test
    void aReceiptIsOfAFullRehearsalAndOfTheDatabaseThatIsNamed() {
        Selector any = new Selector.MigrationReceipt(MONTH, "");
        room.runs.rehearsed("shop", false);
        assertThat(room.find(any).result()).as("a quick one is none").isEqualTo(Result.MISSING);
        room.runs.rehearsed("shop", true);
        assertThat(room.find(any).result()).isEqualTo(Result.HOLDS);
        assertThat(room.find(new Selector.MigrationReceipt(MONTH, "shop")).result())
                .isEqualTo(Result.HOLDS);
        assertThat(room.find(new Selector.MigrationReceipt(MONTH, "other")).result())
                .isEqualTo(Result.MISSING);
    }

    @Test
    void anApprovalCountsInItsRoleUnlessSomebodyRejected() {
        Selector owner = new Selector.Approved(RunKind.DRILL, Optional.of(MONTH), "data owner");
        RunRecord run = drill(Duration.ofMinutes(20));
        assertThat(room.find(owner).result()).isEqualTo(Result.MISSING);
        SigningKey grace = SigningKey.make();
        room.runs.approve(run, true, "grace", "auditor", grace);
        assertThat(room.find(owner).result()).isEqualTo(Result.MISSING);
        assertThat(room.find(new Selector.Approved(RunKind.DRILL, Optional.empty(), ""))
                        .result())
                .isEqualTo(Result.HOLDS);
        room.runs.approve(run, true, "grace", "data owner", grace);
        assertThat(room.find(owner).result()).isEqualTo(Result.HOLDS);
        room.runs.approve(run, false, "joan", "auditor", SigningKey.make());
        assertThat(room.find(owner).result()).isEqualTo(Result.MISSING);
    }

    @Test
    void nothingOfALedgerCountsInWhichOneRecordIsGoneOrEdited() throws IOException {
        drill(Duration.ofMinutes(5));
        RunRecord seal = room.runs.passed(RunKind.SEAL);
        RunRecord last = room.runs.passed(RunKind.VERIFY);
        Path file = directory.resolve("store").resolve(seal.key());
        byte[] honest = Files.readAllBytes(file);
        Files.delete(file);
        Finding gone = room.find(DRILL);
        assertThat(gone.result()).isEqualTo(Result.MISSING);
        assertThat(gone.reason()).contains("the ledger default is not whole", seal.key(), "is missing");
        byte[] edited = honest.clone();
        edited[honest.length / 2] ^= 1;
        Files.write(file, edited);
        assertThat(room.find(DRILL).reason()).contains("is not whole");
        Files.write(file, honest);
        assertThat(room.find(DRILL).result()).isEqualTo(Result.HOLDS);
        assertThat(last.seq()).isEqualTo(3);
    }
}
