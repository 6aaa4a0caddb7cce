package io.firedrill.report;

import io.firedrill.evidence.Approvals.Said;
import io.firedrill.evidence.BackupProof;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunTrace;
import io.firedrill.report.PeriodFacts.Backup;
import io.firedrill.report.PeriodFacts.Day;
import io.firedrill.report.PeriodFacts.Drill;
import io.firedrill.report.PeriodFacts.Headline;
import io.firedrill.report.PeriodFacts.LeftOut;
import io.firedrill.report.PeriodFacts.Migration;
import io.firedrill.report.PeriodFacts.MissedRun;
import io.firedrill.report.PeriodFacts.OfSource;
import io.firedrill.report.PeriodFacts.SignOff;
import io.firedrill.report.PeriodFacts.Source;
import io.firedrill.report.PeriodFacts.Span;
import io.firedrill.report.PeriodFacts.Unrecorded;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Makes the facts of a report out of the runs of a period. */
final class PeriodReader {
    private final Gathered gathered;
    private final Span span;
    private final int signOffDays;

    PeriodReader(Gathered gathered, Span span, int signOffDays) {
        this.gathered = gathered;
        this.span = span;
        this.signOffDays = signOffDays;
    }

    PeriodFacts read(Source source) {
        List<OfSource> sources = gathered.shares().stream()
                .map(this::ofSource)
                .sorted(Comparator.comparingInt((OfSource each) -> PeriodVerdict.rank(each.verdict()))
                        .thenComparing(OfSource::name))
                .toList();
        boolean several = sources.size() > 1;
        OfSource worst = sources.getFirst();
        List<Run> drills = gathered.drills();
        return new PeriodFacts(
                span,
                source,
                worst.verdict(),
                several ? PeriodSummary.lead(sources) : worst.lead(),
                several ? PeriodSummary.exceptions(sources) : worst.exceptions(),
                several ? PeriodSummary.headline(sources, headline(everything())) : worst.headline(),
                sources,
                ran(drills),
                ran(gathered.of(RunKind.RESTORE)),
                gathered.runs.stream()
                        .filter(Run::isMissed)
                        .map(run -> new MissedRun(run.record().seq(), run.at(), run.kind(), run.source()))
                        .toList(),
                gathered.unrecorded.stream()
                        .map(slot -> new Unrecorded(slot.due(), slot.kind().word(), slot.source(), slot.unrecorded()))
                        .toList(),
                backups(gathered.runs),
                migrations(),
                gathered.risks.list(),
                leftOut(drills),
                signOffs(gathered.runs),
                several ? calendar(everything()) : worst.calendar(),
                several ? PeriodSummary.forecast(sources) : worst.forecast());
    }

    private Share everything() {
        return new Share("", gathered.runs, gathered.unrecorded, gathered.risks.list(), Optional.empty());
    }

    private OfSource ofSource(Share share) {
        Headline headline = headline(share);
        PeriodVerdict verdict = PeriodVerdict.of(share, headline, backups(share.runs()));
        return new OfSource(
                share.name(),
                verdict.word(),
                verdict.lead(),
                verdict.exceptions(),
                headline,
                calendar(share),
                Forecast.of(share.drills(), headline.rto().targetSeconds()));
    }

    private Headline headline(Share share) {
        List<Run> drills = share.drills();
        int silent = share.unrecorded(RunKind.DRILL).size();
        var byOutcome = new EnumMap<Outcome, Integer>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            byOutcome.put(outcome, count(drills, outcome) + (outcome == Outcome.MISSED ? silent : 0));
        }
        var byState = new EnumMap<SignOff.State, Integer>(SignOff.State.class);
        List<SignOff> signOffs = signOffs(share.runs());
        for (SignOff.State state : SignOff.State.values()) {
            byState.put(
                    state,
                    Math.toIntExact(signOffs.stream()
                            .filter(each -> each.state() == state)
                            .count()));
        }
        Optional<Run> proof = share.newestProof();
        return new Headline(
                proof.flatMap(run -> run.record().consistencyTime())
                        .map(point ->
                                Math.max(0, Duration.between(point, span.asOf()).toMillis() / 1000.0))
                        .orElse(null),
                proof.flatMap(run -> run.record().backupId()).orElse(""),
                proof.map(run -> run.record().seq()).orElse(null),
                drills.size() + silent,
                byOutcome,
                Spread.of(drills, Run::rto, Run::rtoTarget),
                Spread.of(drills, Run::rpo, Run::rpoTarget),
                share.risks().size(),
                byState);
    }

    private static int count(List<Run> runs, Outcome outcome) {
        return Math.toIntExact(
                runs.stream().filter(run -> run.outcome() == outcome).count());
    }

    private static List<Drill> ran(List<Run> runs) {
        return runs.stream()
                .filter(run -> !run.isMissed())
                .map(run -> new Drill(
                        run.record().seq(),
                        run.at(),
                        run.outcome(),
                        run.record().verdict(),
                        run.record().backupId().orElse(""),
                        run.record().isPartial(),
                        run.rto().orElse(null),
                        run.rtoTarget().orElse(null),
                        run.rpo().orElse(null),
                        run.rpoTarget().orElse(null),
                        run.bytes(),
                        run.throughput().orElse(null),
                        run.record().checksPassed(),
                        run.record().checks(),
                        run.slices(),
                        run.record().entry().operator(),
                        run.record().message(),
                        run.source()))
                .toList();
    }

    private List<Backup> backups(List<Run> runs) {
        return runs.stream()
                .filter(run -> run.backsUp() && !run.isMissed())
                .map(this::backup)
                .toList();
    }

    private Backup backup(Run run) {
        String id = run.record().backupId().orElse("");
        BackupProof proof = gathered.proofOf(id);
        JsonNode made = run.record().json().path("backup");
        return new Backup(
                run.record().seq(),
                run.at(),
                id,
                run.isGood() ? state(proof) : run.outcome().name(),
                run.isGood() ? proof.by().map(RunTrace::seq).orElse(null) : null,
                run.record().documents(),
                run.bytes(),
                made.path("bytesStored").asLong(0),
                gathered.deletionOf(id).map(by -> by.record().seq()).orElse(null),
                run.source());
    }

    private static String state(BackupProof proof) {
        return switch (proof.state()) {
            case PROVEN, REFUTED, PARTLY -> proof.state().name();
            case UNPROVEN -> "NOT_DRILLED";
        };
    }

    private List<Migration> migrations() {
        return gathered.runs.stream()
                .filter(run -> run.is(RunKind.REHEARSAL) || run.is(RunKind.APPLY) || run.is(RunKind.ROLLBACK))
                .filter(run -> !run.isMissed())
                .map(PeriodReader::migration)
                .toList();
    }

    private static Migration migration(Run run) {
        Optional<RehearsalFacts> rehearsal = run.record().rehearsal();
        Optional<ReleaseFacts> release = run.record().release();
        long refuted = rehearsal.stream()
                .flatMap(facts -> facts.changes().stream())
                .filter(change -> change.properties().stream()
                        .anyMatch(property -> property.grade() == RehearsalFacts.Grade.FAILED))
                .count();
        long undone = release.stream()
                .flatMap(facts -> facts.changes().stream())
                .filter(change -> !change.done())
                .count();
        return new Migration(
                run.record().seq(),
                run.at(),
                run.kind(),
                run.outcome(),
                run.record().verdict(),
                rehearsal
                        .map(RehearsalFacts::tool)
                        .or(() -> release.map(ReleaseFacts::tool))
                        .orElse(""),
                rehearsal
                        .map(RehearsalFacts::artefact)
                        .or(() -> release.map(ReleaseFacts::artefact))
                        .orElse(""),
                rehearsal
                        .map(RehearsalFacts::database)
                        .or(() -> release.map(ReleaseFacts::database))
                        .orElse(""),
                rehearsal
                        .map(facts -> facts.changes().size())
                        .or(() -> release.map(facts -> facts.changes().size()))
                        .orElse(0),
                Math.toIntExact(refuted + undone),
                run.record().elapsedSeconds(),
                run.record().entry().operator());
    }

    private static List<LeftOut> leftOut(List<Run> drills) {
        var counts = new LinkedHashMap<List<String>, Integer>();
        for (Run run : drills) {
            run.record()
                    .json()
                    .at("/scope/excluded")
                    .forEach(each -> counts.merge(
                            List.of(
                                    each.path("namespace").asString(""),
                                    each.path("reason").asString("")),
                            1,
                            Integer::sum));
        }
        return counts.entrySet().stream()
                .map(each -> new LeftOut(each.getKey().getFirst(), each.getKey().getLast(), each.getValue()))
                .toList();
    }

    private List<SignOff> signOffs(List<Run> runs) {
        return runs.stream().filter(Run::isToBeSigned).map(this::signOff).toList();
    }

    /** One rejection outweighs any approval. */
    private SignOff signOff(Run run) {
        long seq = run.record().seq();
        List<Said> said = gathered.approvals.of(seq);
        boolean rejected = said.stream().anyMatch(each -> !each.approved());
        long days = said.isEmpty()
                ? Math.max(0, Duration.between(run.at(), span.asOf()).toDays())
                : 0;
        SignOff.State state = rejected
                ? SignOff.State.REJECTED
                : !said.isEmpty()
                        ? SignOff.State.APPROVED
                        : days > signOffDays ? SignOff.State.OVERDUE : SignOff.State.WAITING;
        String comments = String.join(
                "; ",
                said.stream().map(Said::comment).filter(each -> !each.isEmpty()).toList());
        return new SignOff(seq, run.at(), run.kind(), state, gathered.approvals.words(seq), comments, days);
    }

    private static List<Day> calendar(Share share) {
        var days = new TreeMap<LocalDate, Map<Outcome, Integer>>();
        share.drills().forEach(run -> add(days, run.at(), run.outcome()));
        share.unrecorded(RunKind.DRILL).forEach(slot -> add(days, slot.due(), Outcome.MISSED));
        return days.entrySet().stream()
                .map(day -> new Day(day.getKey(), day.getValue(), parts(share, day.getKey())))
                .toList();
    }

    private static int parts(Share share, LocalDate day) {
        return Math.toIntExact(share.drills().stream()
                .filter(run -> run.sign() == Sign.PART && day(run.at()).equals(day))
                .count());
    }

    private static LocalDate day(Instant at) {
        return at.atZone(ZoneOffset.UTC).toLocalDate();
    }

    private static void add(Map<LocalDate, Map<Outcome, Integer>> days, Instant at, Outcome outcome) {
        days.computeIfAbsent(day(at), _ -> new EnumMap<>(Outcome.class)).merge(outcome, 1, Integer::sum);
    }
}
