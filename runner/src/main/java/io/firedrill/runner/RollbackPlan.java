package io.firedrill.runner;

import static io.firedrill.runner.RehearsedRelease.detail;
import static io.firedrill.runner.RehearsedRelease.property;
import static io.firedrill.runner.RehearsedRelease.wayBack;

import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.Measures;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.evidence.RehearsalFacts.OfProperty;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** ROLLBACK.md: how each change of a release is taken back, what shows that, what it takes, and what is lost. */
final class RollbackPlan {
    static final String FILE = "ROLLBACK.md";

    private static final Pattern LEVEL = Pattern.compile("EXACT|CANONICAL|LOSSY|NONE");
    private static final String NOTHING = "nothing of what was there before";

    private final RehearsedRelease facts;
    private final MarkdownPage page = new MarkdownPage();

    RollbackPlan(RehearsedRelease facts) {
        this.facts = facts;
    }

    String text() {
        page.title("Rollback plan");
        ReleaseHead.write(page, facts);
        if (facts.changes().isEmpty()) {
            return page.say("No change was pending: there is nothing to take back.")
                    .text();
        }
        summary();
        pointOfNoReturn();
        new AcceptedFailures(facts.changes()).write(page);
        page.section("Change by change, newest first");
        page.say(
                "Commands run as they stand, with the settings of who may write to the source (`FIREDRILL_SOURCE_URI`). With `--dry-run`"
                        + " in place of `--confirm` one only says whether it would be refused.");
        facts.changes().reversed().forEach(this::change);
        restore();
        return limits().text();
    }

    private void summary() {
        List<OfChange> newestFirst = facts.changes().reversed();
        page.section("In short, newest first: the order in which to take back");
        page.table(
                List.of(
                        "No.",
                        "Change",
                        "Way back",
                        "Proof",
                        "Applying took",
                        "On the source",
                        "Taking back took",
                        "Would be lost"),
                IntStream.range(0, newestFirst.size())
                        .mapToObj(i -> row(newestFirst.size() - i, newestFirst.get(i)))
                        .toList());
    }

    private List<String> row(int number, OfChange change) {
        return List.of(
                Integer.toString(number),
                MarkdownText.of(change.name()),
                word(change),
                level(change),
                change.measures().map(each -> Figures.seconds(each.seconds())).orElse("not measured"),
                onSource(change),
                wayBack(change).isTool() ? took(change).orElse("not measured") : "restore: " + restored(),
                loss(change));
    }

    /** Where nothing was applied before, the number of the copy would pass for one of the source. */
    private static String onSource(OfChange change) {
        return change.estimate()
                .filter(each -> each.earlier() > 0)
                .map(each -> "about " + Figures.seconds(each.seconds()))
                .orElse("not known");
    }

    private static String word(OfChange change) {
        return switch (wayBack(change)) {
            case TOOL -> "the tool's rollback";
            case RESTORE -> "**restore**";
            case WAIVED -> "restore (waived)";
        };
    }

    /** The word that the finding begins with; others than these are no level. */
    private static String level(OfChange change) {
        Matcher word = LEVEL.matcher(detail(change, "ROLLBACK"));
        return word.lookingAt() ? word.group() : change.grade("ROLLBACK").isRefuted() ? "refuted" : "not tested";
    }

    private static Optional<String> took(OfChange change) {
        return change.measures().flatMap(Measures::rollbackSeconds).map(Figures::seconds);
    }

    private String restored() {
        return facts.restoreSeconds() > 0 ? Figures.seconds(facts.restoreSeconds()) : "not measured";
    }

    private static String loss(OfChange change) {
        if (wayBack(change).isTool()) {
            return NOTHING;
        }
        int seen = differences(change).size();
        String writes = "by a restore: what was written since";
        return seen == 0
                ? writes
                : writes + "; by its rollback: %s, below".formatted(Figures.count(seen, "difference"));
    }

    private static List<String> differences(OfChange change) {
        return property(change, "ROLLBACK").map(OfProperty::differences).orElse(List.of());
    }

    private void pointOfNoReturn() {
        page.section("Point of no return");
        Optional<OfChange> point = facts.pointOfNoReturn();
        if (point.isEmpty()) {
            page.say("There is none: every change was taken back in the rehearsal, and everything was as before.");
            return;
        }
        OfChange change = point.get();
        page.say("**%s**. Once it has run, only a restore leads back to before it: %s."
                .formatted(MarkdownText.of(change.name()), MarkdownText.of(detail(change, "ROLLBACK"))));
        page.say(
                facts.changes().getLast().equals(change)
                        ? "It is the last change of this release, so decide before it is applied."
                        : "The changes after it can be taken back by the tool; it and what came before it cannot.");
    }

    private void change(OfChange change) {
        page.part("%d. %s".formatted(facts.changes().indexOf(change) + 1, MarkdownText.of(change.name())));
        page.bullets(Stream.of(
                        Stream.of(
                                "Way back: " + word(change)
                                        + RehearsedRelease.reason(change)
                                                .map(why -> ", because: " + MarkdownText.of(why))
                                                .orElse(""),
                                "Proof: %s. %s".formatted(proof(change), MarkdownText.of(detail(change, "ROLLBACK"))),
                                "Applied again after its rollback: " + graded(change, "REAPPLY"),
                                "Time: applying took %s; taking back took %s"
                                        .formatted(
                                                change.measures()
                                                        .map(each -> Figures.seconds(each.seconds()))
                                                        .orElse("nobody knows how long"),
                                                took(change).orElse("nobody knows how long"))),
                        change
                                .estimate()
                                .map(each -> "On the source applying takes "
                                        + MarkdownText.of(RehearsalLines.estimate(each)))
                                .stream(),
                        change.measures().map(RollbackPlan::wrote).stream())
                .flatMap(each -> each)
                .toList());
        List<String> differences = differences(change);
        if (!differences.isEmpty()) {
            page.say("After its rollback these are not as they were (ids and paths, the first of them):");
            page.bullets(differences.stream().map(MarkdownText::of).toList());
        }
        commands(change);
    }

    private static String proof(OfChange change) {
        return switch (wayBack(change)) {
            case TOOL -> "proven on the copy by digests of all collections, indexes and options included";
            case RESTORE -> change.grade("ROLLBACK").isRefuted() ? "**refuted on the copy**" : "**not tested**";
            case WAIVED -> "not tested, by decision";
        };
    }

    private static String graded(OfChange change, String property) {
        return property(change, property)
                .map(each -> "%s, %s"
                        .formatted(
                                each.grade().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                                MarkdownText.of(each.detail())))
                .orElse("not tested");
    }

    private static String wrote(Measures measures) {
        return MarkdownText.of("It wrote to %s%s%s"
                .formatted(
                        Figures.count(measures.documents(), "document"),
                        measures.namespaces().isEmpty() ? "" : " in " + String.join(", ", measures.namespaces()),
                        measures.statements().isEmpty()
                                ? ""
                                : ", and made or changed: " + String.join(", ", measures.statements())));
    }

    private void commands(OfChange change) {
        if (!wayBack(change).isTool()) {
            page.say("Command: see [Restore](#restore); its own rollback is not to be used.");
            return;
        }
        boolean newest = facts.changes().getLast().equals(change);
        boolean behind = laterAreProven(change);
        page.say(
                !behind
                        ? "Behind a later change whose rollback is not proven, so reached by [Restore](#restore) only. Were it the last:"
                        : newest ? "To take it back:" : "To take it back with all that came after it:");
        page.shell(
                newest || !behind || facts.before(change).isEmpty()
                        ? facts.commands().confirmed("rollback", "--last")
                        : facts.commands()
                                .confirmed(
                                        "rollback", "--to", facts.before(change).get()));
        if (!newest && behind && facts.before(change).isEmpty()) {
            page.say("It is the first change of all: take back those after it first; then it is the last.");
        }
    }

    private boolean laterAreProven(OfChange change) {
        int index = facts.changes().indexOf(change);
        return facts.changes().subList(index, facts.changes().size()).stream()
                .allMatch(each -> wayBack(each).isTool());
    }

    private void restore() {
        page.section("Restore");
        page.say(
                ("The way back that does not depend on anybody's rollback. Before each change `firedrill migrations apply` writes a"
                                + " note into the source's oplog; the record of the apply tells its moment. What was written to the"
                                + " database after that moment is not in what is restored. It goes into a replica set of its own"
                                + " (`FIREDRILL_STAGING_URI`), never over the source: sending the application there is up to you."
                                + " Restoring the backup and proving the copy %s.")
                        .formatted(
                                facts.restoreSeconds() > 0
                                        ? "took %s in this rehearsal, on one machine".formatted(restored())
                                        : "was not measured"));
        page.shell(
                "firedrill evidence list --kind migrations-apply --limit 5",
                "RECORD=N   # fill in: the number of the apply, from that list",
                "firedrill evidence show \"$RECORD\" --payload | jq -r '.predicate.release.changes[] | [.restorePoint, .id] | @tsv'",
                "AT=T,I     # fill in: the moment beside the change that is to be gone, with all that came after it",
                "SET=NAME   # fill in: the name of the replica set that is restored into",
                "firedrill restore --at \"$AT\" --dry-run          # is it within reach of backup and oplog archive?",
                "firedrill restore --at \"$AT\" --confirm \"$SET\"");
        page.say("Without an oplog archive that reaches to that moment only the moment of a backup can be restored.");
    }

    private MarkdownPage limits() {
        page.section("What was not tested");
        Stream<String> untested = facts.changes().stream()
                .flatMap(change -> Stream.of("ROLLBACK", "REAPPLY")
                        .filter(each -> change.grade(each) == Grade.NOT_TESTED)
                        .map(each -> "%s of %s: %s"
                                .formatted(
                                        MarkdownText.of(each),
                                        MarkdownText.of(change.name()),
                                        MarkdownText.of(detail(change, each)))));
        Stream<String> never = Stream.of(
                "What users write between applying and taking back: a rollback may lose it or fail on it, and nobody wrote in the rehearsal.",
                "How long it takes in production: the times are of the copy, the start of the tool included, and what is told of the source is reckoned from them.",
                "What a change does outside the database, more than one shard, and documents that expire.");
        return page.bullets(Stream.concat(untested, never).toList());
    }
}
