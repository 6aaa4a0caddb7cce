package io.firedrill.evidence;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a run that has ended as the statement of its record; {@code docs/EVIDENCE_FORMAT.md} is the specification. */
final class RecordFormat {
    static final int SCHEMA_VERSION = 1;

    private final Closing run;
    private final Verdict verdict;
    private final Recovery recovery;

    private RecordFormat(Closing run) {
        this.run = run;
        this.verdict = run.verdict();
        this.recovery = run.recovery();
    }

    static ObjectNode statement(Closing run) {
        return new RecordFormat(run).statement();
    }

    private ObjectNode statement() {
        ObjectNode json = Json.object();
        run(json.putObject("run"));
        who(json.putObject("who"));
        when(json.putObject("when"));
        environment(json.putObject("environment"));
        scope(json.putObject("scope"));
        run.facts().backup().ifPresent(backup -> backup(json.putObject("backup"), backup));
        run.facts().point().ifPresent(point -> point(json.putObject("point"), point));
        run.facts().rehearsal().ifPresent(found -> json.set("rehearsal", Json.redacted(found)));
        run.facts().release().ifPresent(done -> json.set("release", Json.redacted(done)));
        objectives(json.putObject("objectives"));
        measurement(json.putObject("measurement"));
        verification(json.putObject("verification"));
        result(json.putObject("result"));
        run.facts()
                .disposal()
                .ifPresent(disposal -> json.putObject("disposal")
                        .put("method", disposal.method())
                        .put("result", disposal.result()));
        ObjectNode notes = json.putObject("notes");
        run.facts().notes().forEach(notes::put);
        return json;
    }

    private void run(ObjectNode json) {
        json.put("kind", run.start().kind().word())
                .put("mode", run.start().mode())
                .put("runId", run.start().runId());
        ArrayNode attempts = json.putArray("attempts");
        for (RunFolder.Attempt attempt : run.attempts()) {
            boolean last = attempt.equals(run.attempts().getLast());
            Instant end = last ? run.finishedAt() : recovery.lastSign(attempt);
            attempts.addObject()
                    .put("attempt", attempt.attempt())
                    .put("startedAt", time(attempt.startedAt()))
                    .put("host", attempt.host())
                    .put("offsetSeconds", Json.seconds(recovery.offset(attempt.attempt(), attempt.startedAt())))
                    .put("seconds", Json.seconds(Duration.between(attempt.startedAt(), end)));
        }
        ObjectNode parameters = json.putObject("parameters");
        run.start().parameters().forEach(parameters::put);
    }

    private void who(ObjectNode json) {
        json.put("operator", run.start().operator());
        json.putObject("executor")
                .put("version", run.start().executorVersion())
                .put("host", run.attempts().getLast().host());
    }

    private void when(ObjectNode json) {
        json.put("startedAt", time(run.startedAt()))
                .put("finishedAt", time(run.finishedAt()))
                .put("recordedAt", time(run.recordedAt()))
                .put("elapsedSeconds", Json.seconds(run.elapsed()));
    }

    private void environment(ObjectNode json) {
        Optional<Party> source = run.facts().source();
        Optional<Party> target = run.facts().target();
        source.ifPresent(party -> party(json.putObject("source"), party));
        target.ifPresent(party -> party(json.putObject("target"), party)
                .put("emptyBefore", run.facts().targetEmptyBefore()));
        if (source.isPresent() && target.isPresent()) {
            json.putObject("segregation")
                    .put(
                            "differentReplicaSetId",
                            !source.get().replicaSetId().equals(target.get().replicaSetId()))
                    .put(
                            "differentHosts",
                            source.get().hosts().stream().noneMatch(target.get().hosts()::contains));
        }
    }

    private static ObjectNode party(ObjectNode json, Party party) {
        json.put("name", party.name())
                .put("replicaSet", party.replicaSet())
                .put("replicaSetId", party.replicaSetId())
                .put("version", party.version())
                .put("featureCompatibilityVersion", party.featureCompatibilityVersion());
        ArrayNode hosts = json.putArray("hosts");
        party.hosts().forEach(hosts::add);
        return json;
    }

    private void scope(ObjectNode json) {
        var collections = run.facts().collections();
        ArrayNode included = json.putArray("included");
        collections.forEach(fact -> included.add(fact.namespace()));
        ArrayNode excluded = json.putArray("excluded");
        run.facts()
                .excluded()
                .forEach((namespace, reason) ->
                        excluded.addObject().put("namespace", namespace).put("reason", reason));
        run.facts().scope().ifPresent(chosen -> {
            json.put("partial", chosen.partial());
            ArrayNode renamed = json.putArray("renamed");
            chosen.renamed()
                    .forEach((from, to) -> renamed.addObject().put("from", from).put("to", to));
        });
        boolean known = !collections.isEmpty();
        Optional<BackupFacts> backup = run.facts().backup();
        json.put(
                "collections",
                known
                        ? collections.size()
                        : backup.map(BackupFacts::collections).orElse(0));
        json.put(
                "documents",
                known
                        ? collections.stream()
                                .mapToLong(CollectionFact::documents)
                                .sum()
                        : backup.map(BackupFacts::documents).orElse(0L));
        json.put(
                "bytesRaw",
                known
                        ? collections.stream()
                                .mapToLong(CollectionFact::bytesRaw)
                                .sum()
                        : backup.map(BackupFacts::bytesRaw).orElse(0L));
    }

    private static void backup(ObjectNode json, BackupFacts backup) {
        json.put("backupId", backup.backupId())
                .put("createdAt", backup.createdAt())
                .put("consistencyPoint", backup.consistencyPoint())
                .put("consistencyTime", time(backup.consistencyTime()))
                .put("manifest", backup.manifest())
                .put("manifestSha256", backup.manifestSha256())
                .put("documents", backup.documents())
                .put("bytesRaw", backup.bytesRaw())
                .put("bytesStored", backup.bytesStored())
                .put("segments", backup.segments())
                .put("segmentsReused", backup.segmentsReused())
                .put("collections", backup.collections());
    }

    private static void point(ObjectNode json, RecoveryPoint point) {
        json.put("asked", point.asked())
                .put("chosen", point.chosen())
                .put("until", point.until())
                .put("reached", point.reached())
                .put("reachedTime", time(point.reachedTime()))
                .put("reachedAt", time(point.reachedAt()))
                .put("timeline", point.timeline())
                .put("entries", point.entries())
                .put("proof", point.proof());
        point.incident().ifPresent(incident -> json.put("incident", time(incident)));
    }

    private void objectives(ObjectNode json) {
        Objectives objectives = run.start().objectives();
        objectives.rto().ifPresent(rto -> json.put("rtoSeconds", Json.seconds(rto)));
        objectives.rpo().ifPresent(rpo -> json.put("rpoSeconds", Json.seconds(rpo)));
        json.put("source", objectives.source());
    }

    private void measurement(ObjectNode json) {
        if (run.start().kind().recovers()) {
            rto(json.putObject("rto"));
        }
        run.rpo().ifPresent(rpo -> rpo(json.putObject("rpo"), rpo));
        ArrayNode phases = json.putArray("phases");
        for (Phase phase : run.phases()) {
            phases.addObject()
                    .put("name", phase.name())
                    .put("attempt", phase.attempt())
                    .put("begin", phase.begin().toString())
                    .put("offsetSeconds", Json.seconds(recovery.offset(phase.attempt(), phase.begin())))
                    .put("seconds", Json.seconds(phase.elapsed()))
                    .put("insideRto", phase.insideRto())
                    .put("failed", phase.failed());
        }
        json.put("restarts", run.attempts().size() - 1);
        json.putArray("notMeasured").add("detect").add("decide");
    }

    private void rto(ObjectNode json) {
        run.rto()
                .ifPresent(actual -> json.put("actualSeconds", Json.seconds(actual))
                        .put("phasesSeconds", Json.seconds(recovery.inPhases()))
                        .put("unattributedSeconds", Json.seconds(recovery.unattributed())));
        run.facts().target().filter(Party::isEphemeral).ifPresent(_ -> json.put("scope", Recovery.OF_EPHEMERAL));
        json.put("betweenAttemptsSeconds", Json.seconds(recovery.betweenAttempts()))
                .put("definition", Recovery.DEFINITION)
                .put("startEvent", "start of the first attempt")
                .put("endEvent", "the restored copy is verified and usable");
    }

    private void rpo(ObjectNode json, Duration rpo) {
        Optional<RecoveryPoint> point = run.facts().point();
        boolean incident = point.flatMap(RecoveryPoint::incident).isPresent();
        json.put("actualSeconds", Json.seconds(rpo))
                .put(
                        "definition",
                        incident
                                ? "t_incident - t_last_recovered_write, where the moment asked for is the incident's"
                                : "t_job_start - t_last_recovered_write, where no incident was declared");
        point.ifPresentOrElse(
                found -> json.put("recoveredTo", found.reached()).put("recoveredToTime", time(found.reachedTime())),
                () -> run.facts()
                        .backup()
                        .ifPresent(backup -> json.put("recoveredTo", backup.consistencyPoint())
                                .put("recoveredToTime", time(backup.consistencyTime()))));
    }

    private void verification(ObjectNode json) {
        ArrayNode checks = json.putArray("checks");
        run.facts()
                .checks()
                .forEach(check -> checks.addObject()
                        .put("id", check.id())
                        .put("method", check.method())
                        .put("expected", check.expected())
                        .put("observed", check.observed())
                        .put("matched", check.matched())
                        .put("population", check.population())
                        .put("result", check.result().name())
                        .put("detail", check.detail()));
        for (Check.Result result : Check.Result.values()) {
            long count = run.facts().checks().stream()
                    .filter(check -> check.result() == result)
                    .count();
            json.put(result.name().toLowerCase(Locale.ROOT), count);
        }
        ArrayNode collections = json.putArray("collections");
        run.facts().collections().forEach(fact -> collection(collections.addObject(), fact));
        if (run.start().kind().recovers()) {
            state().ifPresent(digest -> json.put("stateSha256", digest));
        }
        ArrayNode notTested = json.putArray("notTested");
        run.facts().notTested().forEach(notTested::add);
    }

    /** One digest of all that was restored and compared: of its collections' digests, by namespace. */
    private Optional<String> state() {
        String lines = run.facts().collections().stream()
                .filter(fact -> !fact.digest().isEmpty())
                .map(fact -> fact.namespace() + "\0" + fact.digest() + "\n")
                .sorted()
                .collect(Collectors.joining());
        return lines.isEmpty()
                ? Optional.empty()
                : Optional.of(Hashes.sha256Hex(lines.getBytes(StandardCharsets.UTF_8)));
    }

    private static void collection(ObjectNode json, CollectionFact fact) {
        json.put("namespace", fact.namespace())
                .put("kind", fact.kind())
                .put("documents", fact.documents())
                .put("bytesRaw", fact.bytesRaw())
                .put("segments", fact.segments())
                .put("segmentsEqual", fact.segmentsEqual())
                .put("indexes", fact.indexes())
                .put("digest", fact.digest())
                .put("result", fact.result().name());
    }

    private void result(ObjectNode json) {
        json.put("outcome", verdict.outcome().name()).put("verdict", verdict.word());
        if (run.start().kind().recovers()) {
            Objectives objectives = run.start().objectives();
            objectives.rto().ifPresent(_ -> json.put("rtoMet", run.rto().isPresent() && !verdict.rtoMissed()));
            objectives.rpo().ifPresent(_ -> json.put("rpoMet", run.rpo().isPresent() && !verdict.rpoMissed()));
        }
        if (run.start().kind().mustCheck()) {
            boolean bad =
                    Verdict.any(run.facts(), Check.Result.FAILED) || Verdict.any(run.facts(), Check.Result.SKIPPED);
            json.put("integrityMet", !bad && !run.facts().checks().isEmpty());
        }
        run.exitCode().ifPresent(code -> json.put("exitCode", code));
        json.put("failureClass", run.failureClass())
                .put("message", run.message())
                .put("hint", run.hint());
    }

    /** RFC 3339 in UTC with milliseconds: finer than any wall clock is worth. */
    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
