package io.firedrill.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.LedgerVerification;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.SigningKey;
import io.firedrill.readiness.Finding.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What selectors find in a ledger of real, signed records. */
class RecordEvidenceTest {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Selector DRILL = new Selector.Run(RunKind.DRILL, MONTH, true, true, false);
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
        assertThat(room.find(new Selector.Run(RunKind.DRILL, MONTH, false, false, false))
                        .result())
                .as("a missed target is no passed run")
                .isEqualTo(Result.MISSING);
        assertThat(room.find(DRILL).reason()).isEqualTo("record 3 came to FAILED; nothing older counts");
    }

    @Test
    void aRunThatFailedOrMissedItsTargetOutweighsAnOlderOneThatPassed() {
        Selector any = new Selector.Run(RunKind.DRILL, MONTH, false, false, false);
        drill(Duration.ofMinutes(5));
        room.runs.refuted();
        assertThat(room.find(any).reason()).isEqualTo("record 2 came to FAILED; nothing older counts");
        drill(Duration.ofMinutes(5));
        assertThat(room.find(any).result()).isEqualTo(Result.HOLDS);
        drill(Duration.ofMinutes(20));
        assertThat(room.find(DRILL).reason()).isEqualTo("record 4 came to WARNED; nothing older counts");
        assertThat(room.find(any).result()).isEqualTo(Result.MISSING);
    }

    @Test
    void aRunThatWasStoppedOrOfAPartSaysNothingAgainstAnOlderOne() {
        RunRecord good = drill(Duration.ofMinutes(5));
        room.runs.stopped(RunKind.DRILL);
        room.runs.recoveredInPart(RunKind.DRILL);
        room.runs.failed(RunKind.VERIFY);
        Finding found = room.find(DRILL);
        assertThat(found.result()).as(found.reason()).isEqualTo(Result.HOLDS);
        assertThat(found.proof().orElseThrow().seq()).isEqualTo(good.seq());
    }

    @Test
    void aRejectedRunOutweighsAnOlderOneThatPassed() {
        RunRecord older = drill(Duration.ofMinutes(5));
        room.runs.approve(older, true, "grace", "data owner", SigningKey.make());
        RunRecord newer = drill(Duration.ofMinutes(5));
        Selector approved = new Selector.Approved(RunKind.DRILL, Optional.of(MONTH), "data owner", false);
        assertThat(room.find(approved).proof().orElseThrow().seq())
                .as("nobody has said anything of the newer one yet")
                .isEqualTo(older.seq());
        room.runs.approve(newer, false, "joan", "auditor", SigningKey.make());
        String why = "record 3 was rejected by joan (auditor); nothing older counts";
        assertThat(room.find(DRILL).reason()).isEqualTo(why);
        assertThat(room.find(approved).reason()).isEqualTo(why);
    }

    @Test
    void aFailedRunOutweighsAnOlderOneThatWasApproved() {
        room.runs.approve(drill(Duration.ofMinutes(5)), true, "grace", "data owner", SigningKey.make());
        Selector approved = new Selector.Approved(RunKind.DRILL, Optional.empty(), "", false);
        assertThat(room.find(approved).result()).isEqualTo(Result.HOLDS);
        room.runs.refuted();
        assertThat(room.find(approved).result()).isEqualTo(Result.MISSING);
    }

    @Test
    void aPartIsEnoughOnlyWhereTheSelectorSaysSo() {
        room.runs.verifiedInPart();
        assertThat(room.find(new Selector.Run(RunKind.VERIFY, MONTH, false, false, false))
                        .reason())
                .isEqualTo("no verify is what is asked for; the newest, record 1, came to PASSED in part");
        assertThat(room.find(new Selector.Run(RunKind.VERIFY, MONTH, false, false, true))
                        .result())
                .isEqualTo(Result.HOLDS);
        room.runs.approve(room.runs.recoveredInPart(RunKind.DRILL), true, "grace", "data owner", SigningKey.make());
        assertThat(room.find(new Selector.Approved(RunKind.DRILL, Optional.empty(), "", false))
                        .result())
                .isEqualTo(Result.MISSING);
        assertThat(room.find(new Selector.Approved(RunKind.DRILL, Optional.empty(), "", true))
                        .result())
                .isEqualTo(Result.HOLDS);
    }

    @Test
    void aBackupThatDidNotComeBackIsNoEvidenceUntilTheWholeOfItDoes() {
        room.runs.backedUp();
        RunRecord newest = room.runs.backedUp();
        RunRecord refuting = room.runs.drilled(newest, true, false);
        room.runs.drilled(newest, false, true);
        Finding refuted = room.find(BACKUP);
        assertThat(refuted.result()).isEqualTo(Result.MISSING);
        assertThat(refuted.reason())
                .isEqualTo(
                        "record 2 is of backup b2, which did not come back in the restore-drill of record %d; nothing older counts"
                                .formatted(refuting.seq()));
        room.runs.drilled(newest, true, true);
        assertThat(room.find(BACKUP).proof().orElseThrow().seq()).isEqualTo(newest.seq());
        room.runs.drilled(newest, false, false);
        assertThat(room.find(BACKUP).result()).as("a part that differs").isEqualTo(Result.MISSING);
        room.runs.backedUp();
        assertThat(room.find(BACKUP).result()).isEqualTo(Result.HOLDS);
    }

    @Test
    void theLedgerIsReadOnce() {
        drill(Duration.ofMinutes(5));
        room.runs.approve(drill(Duration.ofMinutes(5)), true, "grace", "data owner", SigningKey.make());
        var reads = new ConcurrentHashMap<String, Integer>();
        var ledger = new Ledger(room.counting(reads), "default", room.runs.clocks());
        LedgerFacts facts = LedgerFacts.read(new LedgerVerification(ledger));
        assertThat(facts.runs()).hasSize(2);
        assertThat(reads.keySet().stream().filter(key -> key.matches("evidence/default/\\d+\\.dsse\\.json")))
                .hasSize(3)
                .allMatch(key -> reads.getOrDefault(key, 0) == 1);
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
    void theNewestWordOnAGateCountsAndAges() {
        Selector tests = new Selector.Gate("tests", MONTH, GateAsked.NOTHING);
        assertThat(room.find(tests).reason()).isEqualTo("no record says what it came to");
        long passed = room.runs.gate("tests").seq();
        room.runs.gate("coverage", "too little");
        Finding found = room.find(tests);
        assertThat(found.result()).as(found.reason()).isEqualTo(Result.HOLDS);
        assertThat(found.proof().orElseThrow().seq()).isEqualTo(passed);
        assertThat(found.proof().orElseThrow().selector()).isEqualTo("gate: tests, within: 30d");
        assertThat(found.until()).contains(room.runs.now().plus(MONTH));
        room.runs.pass(MONTH);
        assertThat(room.find(tests).result()).isEqualTo(Result.HOLDS);
        room.runs.pass(Duration.ofSeconds(1));
        assertThat(room.find(tests).result()).isEqualTo(Result.STALE);
        room.runs.gate("tests", "a.xml: 1 tests failed");
        assertThat(room.find(tests).reason())
                .isEqualTo("record 3: it did not pass (a.xml: 1 tests failed); nothing older counts");
        room.runs.pass(Duration.ofDays(-1));
        room.runs.gate("tests");
        assertThat(room.find(tests).reason())
                .as("an older report that was imported later is not the newest word")
                .contains("record 3: it did not pass");
        room.runs.pass(Duration.ofDays(1));
        room.runs.gate("tests");
        assertThat(room.find(tests).result()).isEqualTo(Result.HOLDS);
        room.runs.pass(Duration.ofDays(-1));
        assertThat(room.find(tests).reason()).contains("which is yet to come");
    }

    @Test
    void aGateThatLessWasDemandedOfIsNotEnough() {
        Selector coverage = new Selector.Gate(
                "coverage",
                MONTH,
                new GateAsked(
                        OptionalDouble.of(80),
                        OptionalDouble.empty(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        Optional.of("jacoco")));
        room.runs.gateAsking("coverage", "jacoco", "lines: 80.0", "findings let through: notes");
        Finding found = room.find(coverage);
        assertThat(found.result()).as(found.reason()).isEqualTo(Result.HOLDS);
        assertThat(found.proof().orElseThrow().selector())
                .isEqualTo("gate: coverage, within: 30d, min-lines: 80, format: jacoco");
        room.runs.gateAsking("coverage", "jacoco", "lines: 10.0", "findings let through: notes");
        Finding little = room.find(coverage);
        assertThat(little.result()).isEqualTo(Result.MISSING);
        assertThat(little.reason())
                .isEqualTo("record 2: it passed, but 'min-lines: 80' was not demanded of its reports "
                        + "(lines: 10.0; findings let through: notes; reports: jacoco); nothing older counts");
        room.runs.gateAsking("coverage", "lcov", "lines: 90.0", "findings let through: notes");
        assertThat(room.find(coverage).reason()).contains("record 3: it passed, but 'format: jacoco' was not demanded");
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
        room.runs.failed(RunKind.REHEARSAL);
        assertThat(room.find(new Selector.MigrationReceipt(MONTH, "shop")).result())
                .as("one that failed before it knew its database")
                .isEqualTo(Result.MISSING);
    }

    @Test
    void anApprovalCountsInItsRoleUnlessSomebodyRejected() {
        Selector owner = new Selector.Approved(RunKind.DRILL, Optional.of(MONTH), "data owner", false);
        RunRecord run = drill(Duration.ofMinutes(20));
        assertThat(room.find(owner).result()).isEqualTo(Result.MISSING);
        SigningKey grace = SigningKey.make();
        room.runs.approve(run, true, "grace", "auditor", grace);
        assertThat(room.find(owner).result()).isEqualTo(Result.MISSING);
        assertThat(room.find(new Selector.Approved(RunKind.DRILL, Optional.empty(), "", false))
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
