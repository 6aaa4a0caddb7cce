package io.firedrill.runner;

import static io.firedrill.runner.RehearsedRelease.detail;

import io.firedrill.evidence.RehearsalFacts.Estimate;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.Measures;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** RUNBOOK.md: what to do about the tool's lock, after a crash, and when something ran twice. */
final class Runbook {
    static final String FILE = "RUNBOOK.md";

    private static final List<ExitCode> CODES = List.of(
            ExitCode.OK,
            ExitCode.LOCK_HELD,
            ExitCode.REFUSED,
            ExitCode.MIGRATIONS_PENDING,
            ExitCode.MIGRATIONS_DRIFTED,
            ExitCode.REHEARSAL_FAILED,
            ExitCode.MIGRATION_FAILED);

    private final RehearsedRelease facts;
    private final MarkdownPage page = new MarkdownPage();

    Runbook(RehearsedRelease facts) {
        this.facts = facts;
    }

    String text() {
        page.title("Runbook: locks, crashes and second runs");
        ReleaseHead.write(page, facts);
        release();
        lock();
        crash();
        twice();
        return codes().text();
    }

    /** A rehearsal that failed opens no apply. */
    private void release() {
        boolean failed = facts.changes().stream()
                .flatMap(change -> change.properties().stream())
                .anyMatch(each -> each.grade() == Grade.FAILED);
        if (failed || facts.changes().isEmpty()) {
            return;
        }
        String[] quick = facts.rehearsal().full() ? new String[0] : new String[] {"--accept-quick"};
        page.section("To apply");
        page.shell(
                facts.commands().planned("apply", quick) + "   # would it be refused, and why?",
                facts.commands().confirmed("apply", quick));
        page.say(duration());
        page.say(
                "It needs the settings of who may write to the source, a rehearsal and a backup of the last 24 h, and refuses with"
                        + " 30 what was not rehearsed. How to go back is in [%s](%s)."
                                .formatted(RollbackPlan.FILE, RollbackPlan.FILE)
                        + (facts.rehearsal().full()
                                ? ""
                                : " `--accept-quick` says that a rehearsal that cut no run off will do."));
    }

    /** What is not known of each is not told of all. */
    private String duration() {
        List<Estimate> estimates = facts.changes().stream()
                .flatMap(change -> change.estimate().stream())
                .toList();
        double here = facts.changes().stream()
                .flatMap(change -> change.measures().stream())
                .mapToDouble(Measures::seconds)
                .sum();
        boolean known =
                estimates.size() == facts.changes().size() && estimates.stream().allMatch(each -> each.earlier() > 0);
        return "All changes together took %s on the copy. %s"
                .formatted(
                        Figures.seconds(here),
                        known
                                ? "On the source that is about %s, %s to %s, by what earlier changes took there."
                                        .formatted(
                                                total(estimates, Estimate::seconds),
                                                total(
                                                        estimates,
                                                        each -> each.lowSeconds()
                                                                .orElse(0.0)),
                                                total(
                                                        estimates,
                                                        each -> each.highSeconds()
                                                                .orElse(0.0)))
                                : "How long that is on the source is not known: nothing was applied there after a rehearsal.");
    }

    private static String total(List<Estimate> estimates, ToDoubleFunction<Estimate> seconds) {
        return Figures.seconds(estimates.stream().mapToDouble(seconds).sum());
    }

    private void lock() {
        page.section("Who holds the lock?");
        page.shell(
                facts.commands().list(),
                facts.commands().list("--check") + "   # ends with 20 while somebody holds it");
        page.say(
                "It tells the holder, since when, until when, and whether the lock is live or stale by the server's clock.");
        facts.lock()
                .collection()
                .ifPresentOrElse(
                        this::rules,
                        () -> page.say(
                                "**This project has no lock** (lockTtl is 0, or no collection is named): nothing keeps two runners apart. "
                                        + "See to it that only one is started: one job, not the start of every instance."));
    }

    private void rules(String collection) {
        Optional<Duration> lease = facts.lock().lease();
        page.bullets(List.of(
                "Lease: " + lease.map(Runbook::seconds).orElse("none, a lock never expires")
                        + (facts.lock().renewed()
                                ? ", renewed by the holder while it works"
                                : ", never renewed: a migration that takes longer loses it while it works"),
                "Measured takeover: "
                        + facts.takeover().map(MarkdownText::of).orElse("not measured; " + unmeasured())));
        page.section("May the lock's row be deleted?");
        page.bullets(List.of(
                "**Live lock, its process lives**: no. Wait, or end the process first.",
                "**Its process is dead**: " + whereItsHolderIsDead(lease),
                lease.isPresent()
                        ? "**It is stale, and nothing runs** (look at the processes on the host that had it): yes, with the command"
                                + " below. It deletes only what has expired by the server's own clock, so a live lock stays."
                        : "**Nothing runs**: look at the processes on every host that could have it. **The command below takes a"
                                + " live lock away too**, and then two run at once."));
        // The connection string is in the environment: everybody may read the arguments of a process.
        page.shell("# with the connection string in the variable URI\nmongosh --nodb --eval %s"
                .formatted(ShellWord.of("db = connect(process.env.URI); " + delete(collection, lease))));
    }

    private String whereItsHolderIsDead(Optional<Duration> lease) {
        if (facts.lock().renewed()) {
            return "no need to. The next runner takes the lock when the lease is over; Mongock waits for that.";
        }
        return lease.isPresent()
                ? "the server takes the row away up to a minute after it expired; until then every run is refused."
                : "the row stays for ever, and every run is refused until somebody deletes it.";
    }

    private String delete(String collection, Optional<Duration> lease) {
        String rows = "db.getSiblingDB(%s).getCollection(%s)"
                .formatted(text(facts.rehearsal().database()), text(collection));
        if (facts.lock().renewed()) {
            return rows + ".deleteOne({ key: \"DEFAULT_KEY\", $expr: { $lt: [\"$expiresAt\", \"$$NOW\"] } })";
        }
        return lease.map(each -> rows
                        + ".deleteMany({ $expr: { $lt: [\"$createdAt\", { $subtract: [\"$$NOW\", %d] }] } })"
                                .formatted(each.toMillis()))
                // Nothing in such a row tells the living from the dead.
                .orElse(rows + ".deleteMany({})");
    }

    /** A string as JavaScript has it. */
    private static String text(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String seconds(Duration lease) {
        return Figures.seconds((double) lease.toSeconds());
    }

    private String unmeasured() {
        return facts.rehearsal().full()
                ? "no run that was cut off left a lock that its successor waited for"
                : "a quick rehearsal cuts no run off";
    }

    private void crash() {
        page.section("After a crash");
        page.say(
                "Ended in the middle: killed, out of memory, network gone. Look with `migrations list`, then as below. To run it again"
                        + " is to start the same `apply`: it goes on with what is left. Where it ends with 20 and names a process, the tool of"
                        + " the run that was killed is still at work on that machine: wait for it, or end it first.");
        page.table(
                List.of("Change", "Killed at its writes", "An answer lost", "What to do"),
                facts.changes().stream()
                        .map(change -> List.of(
                                MarkdownText.of(change.name()),
                                grade(change, "CRASH_SAFE"),
                                grade(change, "ACK_LOST_SAFE"),
                                afterCrash(change)))
                        .toList());
    }

    private static String afterCrash(OfChange change) {
        return switch (change.grade("CRASH_SAFE")) {
            case PROVEN -> "run it again";
            case FAILED, ACCEPTED ->
                "**do not run it again**: go back as in " + RollbackPlan.FILE + " (restore), or repair by hand";
            case NOT_TESTED -> afterWork(change);
        };
    }

    /** Where no run was cut off, what is known is of one that had done all its work. */
    private static String afterWork(OfChange change) {
        return switch (change.grade("RERUN_SAFE")) {
            case PROVEN ->
                "look what it wrote first; that it may be run again is shown only for a run that had done all its work";
            case FAILED, ACCEPTED -> "**do not run it again** before what it wrote is undone: a second run does harm";
            case NOT_TESTED -> "nothing is shown: look what it wrote first";
        };
    }

    private void twice() {
        page.section("When it runs twice");
        page.table(
                List.of(
                        "Change",
                        "Again with its row",
                        "Again without its row",
                        "Two at once",
                        "Paused past the lease"),
                facts.changes().stream()
                        .map(change -> Stream.concat(
                                        Stream.of(MarkdownText.of(change.name())),
                                        Stream.of("RECORDED_ONCE", "RERUN_SAFE", "SINGLE_EXECUTION", "FENCED")
                                                .map(each -> grade(change, each)))
                                .toList())
                        .toList());
        List<String> failures = facts.changes().stream()
                .flatMap(change -> Stream.of(
                                "CRASH_SAFE",
                                "ACK_LOST_SAFE",
                                "RECORDED_ONCE",
                                "RERUN_SAFE",
                                "SINGLE_EXECUTION",
                                "FENCED")
                        .filter(each -> change.grade(each).isRefuted())
                        .map(each -> "%s of %s: %s"
                                .formatted(
                                        MarkdownText.of(each),
                                        MarkdownText.of(change.name()),
                                        MarkdownText.of(detail(change, each)))))
                .toList();
        if (!failures.isEmpty()) {
            page.say("What failed, and how:");
            page.bullets(failures);
        }
    }

    /** With its share, such as 9/9, where it has one. */
    private static String grade(OfChange change, String property) {
        String detail = detail(change, property);
        String share = detail.matches("\\d+/\\d+\\b.*") ? " " + detail.replaceFirst("(\\d+/\\d+).*", "$1") : "";
        return switch (change.grade(property)) {
            case PROVEN -> "proven" + share;
            case FAILED -> "**failed**" + share;
            case ACCEPTED -> "**failed**" + share + ", accepted";
            case NOT_TESTED -> "not tested: " + MarkdownText.of(detail);
        };
    }

    private MarkdownPage codes() {
        page.section("Exit codes of firedrill migrations");
        return page.table(
                List.of("Code", "Means"),
                CODES.stream()
                        .map(code -> List.of(Integer.toString(code.code()), MarkdownText.of(code.meaning())))
                        .toList());
    }
}
