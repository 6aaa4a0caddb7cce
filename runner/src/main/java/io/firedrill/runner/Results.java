package io.firedrill.runner;

import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Manifest;
import io.firedrill.evidence.Phase;
import io.firedrill.evidence.RecoveryPoint;
import io.firedrill.evidence.RunRecord;
import io.firedrill.job.VerifyJobConfig;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.RecoveryPlan;
import io.firedrill.restore.RestoreSource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes the results that commands print out of manifests and records. */
final class Results {
    private Results() {}

    static BackupResult drafted(BackupPlan plan) {
        return new BackupResult(
                plan.id().value(),
                "planned",
                point(plan.at()),
                plan.collections().size(),
                0,
                0,
                0,
                0,
                plan.units().stream().mapToLong(unit -> unit.ranges().size()).sum(),
                0,
                0,
                plan.excluded().stream().map(BackupPlan.Excluded::namespace).toList(),
                false,
                "",
                "",
                Unread.NOTHING);
    }

    static BackupResult backup(Manifest manifest, RunRecord record, boolean resumed, Path report) {
        Manifest.Totals totals = manifest.totals();
        return new BackupResult(
                manifest.id().value(),
                "sealed",
                point(manifest.consistencyPoint()),
                totals.collections(),
                totals.documents(),
                totals.bytesRaw(),
                totals.bytesStored(),
                totals.bytesUploaded(),
                totals.segments(),
                totals.segmentsReused(),
                record.elapsedSeconds(),
                texts(record.json().path("scope").path("excluded"), "namespace"),
                resumed,
                record.key(),
                report.toString(),
                Unread.of(record, totals.bytesRaw(), check(record, "untouched")));
    }

    static RestoreResult drafted(RestoreSource source, Optional<RecoveryPlan> way) {
        return new RestoreResult(
                "",
                source.manifest().id().value(),
                "PLANNED",
                new Rto(0, null, null),
                null,
                List.of(),
                source.amount().documents(),
                source.narrowing().isPartial()
                        ? source.plan().data().size()
                        : source.manifest().totals().collections(),
                0,
                0,
                List.of(),
                "",
                "",
                false,
                scope(source),
                way.map(plan -> new RestoreResult.Point(
                                plan.asked().toString(),
                                plan.chosen(),
                                plan.until().toString(),
                                plan.until().instant(),
                                0,
                                RecoveryPoint.OPEN))
                        .orElse(null));
    }

    static RestoreResult restore(RunRecord record, boolean resumed, Path report) {
        JsonNode content = check(record, "content");
        return new RestoreResult(
                record.runId(),
                record.backupId().orElse(""),
                record.outcome().name(),
                rto(record),
                rpo(record),
                phases(record),
                record.documents(),
                record.json()
                        .path(record.isPartial() ? "scope" : "backup")
                        .path("collections")
                        .asInt(),
                content.path("population").asLong(),
                content.path("matched").asLong(),
                strings(record.json().path("verification").path("notTested")),
                record.key(),
                report.toString(),
                resumed,
                scope(record),
                recoveryPoint(record.json().path("point")));
    }

    private static RestoreResult.@Nullable Point recoveryPoint(JsonNode point) {
        return point.isMissingNode()
                ? null
                : new RestoreResult.Point(
                        point.path("asked").asString(""),
                        point.path("chosen").asString(""),
                        point.path("reached").asString(""),
                        Instant.parse(point.path("reachedAt").asString("")),
                        point.path("entries").asLong(0),
                        point.path("proof").asString(""));
    }

    private static RestoreScope scope(RestoreSource source) {
        return new RestoreScope(
                source.narrowing().isPartial(),
                source.plan().excluded().stream()
                        .map(BackupPlan.Excluded::namespace)
                        .toList(),
                source.narrowing().renamed());
    }

    private static RestoreScope scope(RunRecord record) {
        JsonNode scope = record.json().path("scope");
        Map<String, String> renamed = new TreeMap<>();
        scope.path("renamed")
                .forEach(each -> renamed.put(
                        each.path("from").asString(""), each.path("to").asString("")));
        return new RestoreScope(record.isPartial(), texts(scope.path("excluded"), "namespace"), renamed);
    }

    static VerifyResult verify(RunRecord record, VerifyJobConfig job, Path report) {
        long damaged = job.damaged().size();
        return new VerifyResult(
                record.runId(),
                record.backupId().orElse(""),
                record.outcome().name(),
                job.objectsSound() + damaged,
                job.objectsSound(),
                job.bytesRead(),
                record.elapsedSeconds(),
                job.damaged(),
                record.key(),
                report.toString());
    }

    static Rto rto(RunRecord record) {
        boolean judged =
                record.rtoTargetSeconds().isPresent() && record.rtoSeconds().isPresent();
        @Nullable Double target = judged ? record.rtoTargetSeconds().getAsDouble() : null;
        return new Rto(
                record.rtoSeconds().orElse(0),
                target,
                judged ? record.rtoMet() : null,
                record.rtoScope().orElse(null));
    }

    private static @Nullable Rpo rpo(RunRecord record) {
        if (record.rpoSeconds().isEmpty()) {
            return null;
        }
        boolean judged = record.rpoTargetSeconds().isPresent();
        return new Rpo(
                record.rpoSeconds().getAsDouble(),
                judged ? record.rpoTargetSeconds().getAsDouble() : null,
                judged ? record.rpoMet() : null);
    }

    static ConsistencyPoint point(OpTime time) {
        return new ConsistencyPoint(time.seconds(), time.increment());
    }

    static List<String> names(List<Namespace> namespaces) {
        return namespaces.stream().map(Namespace::database).distinct().sorted().toList();
    }

    /** What the phases leave of the recovery time is a line of its own, so that the lines add up to it. */
    private static List<PhaseLine> phases(RunRecord record) {
        Stream<PhaseLine> measured = record.phases().stream().map(Results::line);
        Stream<PhaseLine> rest =
                record.rtoUnattributedSeconds().stream().mapToObj(seconds -> new PhaseLine("other", seconds));
        return Stream.concat(measured, rest).toList();
    }

    private static PhaseLine line(Phase phase) {
        return new PhaseLine(phase.name(), RecordedRun.seconds(phase.elapsed()));
    }

    private static JsonNode check(RunRecord record, String id) {
        JsonNode checks = record.json().path("verification").path("checks");
        return StreamSupport.stream(checks.spliterator(), false)
                .filter(check -> check.path("id").asString("").equals(id))
                .findFirst()
                .orElseGet(() -> record.json().path("verification").path("none"));
    }

    private static List<String> texts(JsonNode array, String field) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(node -> node.path(field).asString(""))
                .toList();
    }

    private static List<String> strings(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(node -> node.asString(""))
                .toList();
    }
}
