package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.Measures;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.evidence.RehearsalFacts.OfProperty;
import io.firedrill.migration.MongockOptions;
import io.firedrill.migration.NodeOptions;
import io.firedrill.migration.ProjectConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has to be in the papers that a rehearsal leaves for people, not how they are worded. */
class ReleasePapersTest {
    private static final RehearsedRelease.Lock MONGOCK =
            new RehearsedRelease.Lock(Optional.of("mongockLock"), Optional.of(Duration.ofMinutes(1)), true);
    private static final List<String> FLAGS = List.of("--jar", "app.jar", "--database", "shop");
    private static final ReleaseCommands COMMANDS = new ReleaseCommands(FLAGS, List.of(), "rs0");

    @TempDir
    private Path directory;

    private static OfProperty proven(String property, String detail) {
        return new OfProperty(property, Grade.PROVEN, detail, List.of());
    }

    private static OfProperty failed(String property, String detail, String... differences) {
        return new OfProperty(property, Grade.FAILED, detail, List.of(differences));
    }

    private static OfProperty untested(String property, String detail) {
        return new OfProperty(property, Grade.NOT_TESTED, detail, List.of());
    }

    static OfChange change(String id, OfProperty... properties) {
        return new OfChange(
                id,
                "ada",
                "com.acme.C",
                "",
                List.of(properties),
                Optional.of(
                        new Measures(2.4, Optional.of(1.5), 300, 299, 52_428, List.of(), List.of("shop.customers"))));
    }

    static OfChange good(String id) {
        return change(
                id,
                proven("ROLLBACK", "EXACT"),
                proven("REAPPLY", "equal"),
                proven("RECORDED_ONCE", "a second run wrote nothing"),
                proven("RERUN_SAFE", "equal"),
                proven("CRASH_SAFE", "9/9: kill-before-data-1"));
    }

    static OfChange lossy(String id) {
        return change(
                id,
                failed("ROLLBACK", "LOSSY: 1 collection differs", "shop.customers changed 7: country is missing"),
                untested("REAPPLY", "it was not taken back"),
                failed("RERUN_SAFE", "1 collection differs"),
                failed("CRASH_SAFE", "3/9; kill-before-data-2: 1 collection differs; also kill-after-data-1"));
    }

    private static RehearsedRelease facts(boolean full, RehearsedRelease.Lock lock, OfChange... changes) {
        return facts(full, lock, COMMANDS, changes);
    }

    static RehearsedRelease facts(boolean full, ReleaseCommands commands, OfChange... changes) {
        return facts(full, MONGOCK, commands, changes);
    }

    private static RehearsedRelease facts(
            boolean full, RehearsedRelease.Lock lock, ReleaseCommands commands, OfChange... changes) {
        return new RehearsedRelease(
                new RehearsalFacts("mongock", "5.5.1", "app.jar", "ab".repeat(32), "shop", full, List.of(changes)),
                "r-1",
                "evidence/default/14.dsse.json",
                "20261122T031500Z-7f3a",
                Optional.of(Instant.parse("2026-11-22T03:15:00Z")),
                63,
                full ? Optional.of("61.2 s after a crash another runner was at work") : Optional.empty(),
                lock,
                commands,
                Optional.of("c0"));
    }

    private static String rollback(OfChange... changes) {
        return new RollbackPlan(facts(true, MONGOCK, changes)).text();
    }

    private static String runbook(RehearsedRelease facts) {
        return new Runbook(facts).text();
    }

    @Test
    void whereEveryRollbackIsProvenThereIsNoPointOfNoReturnAndEachHasItsCommand() {
        assertThat(rollback(good("c1"), good("c2")))
                .contains("There is none")
                .doesNotContain("The rehearsal failed")
                .contains("the tool's rollback | EXACT | 2.4s | not known | 1.5s | nothing of what was there before")
                .contains("firedrill migrations rollback --jar app.jar --database shop --last --confirm rs0")
                .contains("firedrill migrations rollback --jar app.jar --database shop --to c0 --confirm rs0")
                .containsSubsequence("| 2 | c2", "| 1 | c1", "### 2. c2", "### 1. c1");
    }

    @Test
    void howLongItWillTakeOnTheSourceStandsWithWhatThatRestsOn() {
        OfChange known = good("c1")
                .estimated(new RehearsalFacts.Estimate(4, Optional.of(2.0), Optional.of(12.0), 1_200, 59_000, 3));
        assertThat(rollback(known))
                .contains("EXACT | 2.4s | about 4.0s | 1.5s")
                .contains(
                        "On the source applying takes 4.0s (2.0s to 12s) for 1,200 documents, 57.6 KiB: what it took here,"
                                + " times what 3 earlier changes took on the source against their rehearsals");
        assertThat(rollback(good("c1")
                        .estimated(new RehearsalFacts.Estimate(2.4, Optional.empty(), Optional.empty(), 1, 9, 0))))
                .contains("EXACT | 2.4s | not known | 1.5s")
                .contains("takes 2.4s for 1 document, 9 B: as long as here: no change has been applied");
    }

    @Test
    void theRunbookTellsHowLongAllOfItWillTake() {
        OfChange known = good("c1")
                .estimated(new RehearsalFacts.Estimate(4, Optional.of(2.0), Optional.of(12.0), 1_200, 59_000, 3));
        assertThat(runbook(facts(true, MONGOCK, known, known)))
                .contains("All changes together took 4.8s on the copy. On the source that is about 8.0s, 4.0s to 24s");
        assertThat(runbook(facts(true, MONGOCK, known, good("c2"))))
                .as("what is not known of all is not told of some")
                .contains("on the source is not known");
        assertThat(runbook(facts(true, MONGOCK, good("c2")))).contains("on the source is not known");
    }

    @Test
    void theNewestChangeWithoutAProvenRollbackIsThePointOfNoReturn() {
        String plan = rollback(good("c1"), lossy("c2"), good("c3"), good("c4"));
        assertThat(plan.substring(plan.indexOf("## Point"), plan.indexOf("## Change by")))
                .contains("**c2 (ada)**")
                .contains("The changes after it can be taken back");
        assertThat(plan)
                .contains("--to c2")
                .as("never behind the one that is not proven")
                .doesNotContain("--to c1")
                .doesNotContain("--to c0")
                .contains("Behind a later change whose rollback is not proven")
                .contains("firedrill restore --at \"$AT\" --confirm \"$SET\"")
                .contains("took 1m03s");
    }

    @Test
    void whatWouldBeLostIsToldByIdAndPath() {
        assertThat(rollback(lossy("c1")))
                .contains("**restore** | LOSSY")
                .contains("**The rehearsal failed", "ROLLBACK of c1")
                .contains("shop.customers changed 7: country is missing")
                .contains("It is the last change of this release")
                .contains("REAPPLY of c1");
    }

    @Test
    void aDecisionThatNoRollbackIsNeededIsQuotedAndIsNoProof() {
        String plan = rollback(change(
                "drop", untested("ROLLBACK", "NONE: its rollback does nothing, and x; accepted: we keep the archive")));
        assertThat(plan)
                .contains("restore (waived) | NONE")
                .contains("because: we keep the archive")
                .contains("not tested, by decision")
                .contains("Point of no return")
                .doesNotContain("There is none");
    }

    @Test
    void theFirstChangeOfAllHasNoneToStopAt() {
        var facts = new RehearsedRelease(
                facts(true, MONGOCK, good("c1"), good("c2")).rehearsal(),
                "r-1",
                "k",
                "b",
                Optional.empty(),
                0,
                Optional.empty(),
                MONGOCK,
                COMMANDS,
                Optional.empty());
        assertThat(new RollbackPlan(facts).text())
                .doesNotContain("--to")
                .contains("It is the first change of all")
                .contains("was not measured");
    }

    @Test
    void withNothingPendingThereIsNothingToTakeBack() {
        assertThat(rollback()).contains("nothing to take back").doesNotContain("##");
    }

    @Test
    void hostileNamesBreakNeitherTheTablesNorTheCommands() {
        String hostile = "a|b'; rm -rf $HOME `x` <img src=x> @team\n## no";
        String plan = rollback(good(hostile), good("c2"), good("c3"));
        assertThat(plan.lines().filter(line -> line.startsWith("| 1 ")))
                .singleElement()
                .satisfies(row -> {
                    // Eight cells: nine bars that are not escaped.
                    assertThat(row.replace("\\|", "").chars().filter(each -> each == '|'))
                            .hasSize(9);
                    assertThat(row).contains("&lt;img", "&#64;team", "\\u\\{a\\}");
                });
        assertThat(plan).contains("--to 'a|b'\\''; rm -rf $HOME `x`").doesNotContain("\n## no");
        assertThat(MarkdownText.block("sh", "a\n```\nb")).startsWith("````sh\n").endsWith("\n````\n");
    }

    @Test
    void theRunbookHasTheLeaseTheMeasuredTakeoverAndACommandThatSparesALiveLock() {
        assertThat(runbook(facts(true, MONGOCK, good("c1"), lossy("c2"))))
                .contains("Lease: 1m")
                .contains("61.2 s after a crash another runner was at work")
                .contains("firedrill migrations list --jar app.jar --database shop --check")
                .contains("getSiblingDB(\"shop\").getCollection(\"mongockLock\")")
                .contains("$lt: [\"$expiresAt\", \"$$NOW\"]")
                .contains("proven 9/9", "run it again")
                .contains("**failed** 3/9", "**do not run it again**", "also kill-after-data-1")
                .contains("so a live lock stays")
                .contains("| 62 |", "| 63 |", "| 20 |");
    }

    @Test
    void whatWasNotMeasuredIsSaidWithTheReason() {
        assertThat(runbook(facts(false, MONGOCK, good("c1"))))
                .contains("not measured; a quick rehearsal cuts no run off");
        assertThat(runbook(new RehearsedRelease(
                        facts(true, MONGOCK, good("c1")).rehearsal(),
                        "r-1",
                        "k",
                        "b",
                        Optional.empty(),
                        1,
                        Optional.empty(),
                        MONGOCK,
                        COMMANDS,
                        Optional.empty())))
                .contains("not measured; no run that was cut off left a lock");
        OfChange quick = change(
                "q",
                proven("RERUN_SAFE", "equal"),
                untested("CRASH_SAFE", "a quick rehearsal leaves it out"),
                untested("FENCED", "the tool has no lock"));
        assertThat(runbook(facts(false, MONGOCK, quick)))
                .contains("not tested: a quick rehearsal leaves it out")
                .contains("look what it wrote first; that it may be run again is shown only for a run that had done");
        assertThat(runbook(facts(false, MONGOCK, change("h", failed("RERUN_SAFE", "it differs")))))
                .contains("**do not run it again** before what it wrote is undone");
        assertThat(runbook(facts(false, MONGOCK, change("u")))).contains("nothing is shown: look what it wrote first");
    }

    @Test
    void aLockOfMigrateMongoIsOldByItsOwnTtlAndOneThatNeverExpiresIsNeverOld() {
        var ttl = new RehearsedRelease.Lock(Optional.of("changelog_lock"), Optional.of(Duration.ofSeconds(90)), false);
        var eternal = new RehearsedRelease.Lock(Optional.of("changelog_lock"), Optional.empty(), false);
        var none = new RehearsedRelease.Lock(Optional.empty(), Optional.empty(), false);
        assertThat(runbook(facts(true, ttl, good("c1"))))
                .contains("{ $subtract: [\"$$NOW\", 90000] }")
                .contains("never renewed");
        assertThat(runbook(facts(true, eternal, good("c1"))))
                .contains("none, a lock never expires")
                .contains("the row stays for ever", "takes a live lock away too")
                .doesNotContain("so a live lock stays")
                .contains("mongosh --nodb --eval 'db = connect(process.env.URI); ", "deleteMany({})")
                .doesNotContain("$URI");
        assertThat(runbook(facts(true, none, good("c1"))))
                .contains("has no lock")
                .doesNotContain("mongosh");
    }

    @Test
    void thePapersLieInAFolderOfTheRunUnderTheirNames() throws IOException {
        ReleasePapers papers = ReleasePapers.write(directory.resolve("14"), facts(true, MONGOCK, good("c1")));
        assertThat(papers.rollback()).hasFileName("ROLLBACK.md").hasParent(directory.resolve("14"));
        assertThat(papers.runbook()).hasFileName("RUNBOOK.md").hasParent(directory.resolve("14"));
        assertThat(Files.readString(papers.rollback())).startsWith("# Rollback plan\n");
        assertThat(Files.readString(papers.runbook())).startsWith("# Runbook");
    }

    @Test
    void theCommandsNameWhatIsNotTheToolsUsual() {
        var jar = new MigrationsOf.Jar(
                Path.of("my app.jar"), new MongockOptions("log", "lock", "eve", List.of("com.a", "com.b")));
        assertThat(ShellWord.line(MigrationsFlags.of(jar, "shop")))
                .isEqualTo("--jar 'my app.jar' --changelog log --lock-collection lock --default-author eve"
                        + " --package com.a,com.b --database shop");
        var usual = new MigrationsOf.Jar(Path.of("app.jar"), MongockOptions.usual());
        assertThat(MigrationsFlags.of(usual, "shop")).isEqualTo(FLAGS);
        var given =
                new ProjectConfig("m", ".mjs", "log", Optional.of("l"), OptionalLong.of(60), true, Optional.empty());
        var project = new MigrationsOf.Project(
                new NodeOptions(Path.of("p"), "/usr/bin/node", Duration.ofSeconds(30), Optional.of(given)));
        assertThat(ShellWord.line(MigrationsFlags.of(project, "shop")))
                .isEqualTo("--project p --node /usr/bin/node --migrations-dir m --extension .mjs --changelog log"
                        + " --lock-collection l --lock-ttl 60 --use-file-hash --database shop");
    }
}
