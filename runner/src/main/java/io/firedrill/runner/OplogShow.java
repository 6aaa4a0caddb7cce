package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.Happening;
import io.firedrill.oplog.OplogListing;
import io.firedrill.oplog.RecoveryTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists what archived oplog tells. */
final class OplogShow {
    private static final long USUAL_SECONDS = 3_600;

    private final BackupCatalog catalog;

    OplogShow(BackupCatalog catalog) {
        this.catalog = catalog;
    }

    OplogShowResult read(OplogShowRequest request) {
        OplogArchive archive = catalog.oplog();
        OpTime end = end(archive);
        OpTime to = time(request.to(), true).orElse(end);
        OpTime from =
                time(request.from(), false).orElseGet(() -> new OpTime(Math.max(0, to.seconds() - USUAL_SECONDS), 0));
        if (from.compareTo(to) > 0) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "--from %s is after --to %s".formatted(from, to),
                    "Exchange them, or leave one out; the archive ends at %s (%s).".formatted(end, end.instant()));
        }
        List<Happening> found = new ArrayList<>();
        new OplogListing(archive, request.selection()).read(from, to, happening -> {
            if (!request.definitions() || happening.isDefinition()) {
                found.add(happening);
            }
            return found.size() <= request.limit();
        });
        boolean more = found.size() > request.limit();
        return new OplogShowResult(
                catalog.source(),
                from.toString(),
                to.toString(),
                found.stream().limit(request.limit()).map(OplogShow::line).toList(),
                more ? found.getLast().at().toString() : null);
    }

    private OpTime end(OplogArchive archive) {
        List<OplogTimeline> timelines = archive.timelines();
        if (timelines.isEmpty()) {
            throw new Failure(
                    FailureKind.TARGET_UNREACHABLE,
                    "no oplog of source '%s' is archived".formatted(catalog.source()),
                    "Archive it with 'firedrill oplog archive': from then on it can be looked into.");
        }
        return archive.end(timelines.getLast()).last();
    }

    /** A second is meant from its first entry to its last. */
    private static Optional<OpTime> time(@Nullable String text, boolean end) {
        if (text == null) {
            return Optional.empty();
        }
        return RecoveryTarget.clusterTime(text).or(() -> {
            long second = RecoveryTarget.time(text).toEpochSecond();
            return Optional.of(end ? OpTime.endOf(second) : new OpTime(second, 0));
        });
    }

    private static OplogShowResult.Line line(Happening happening) {
        return new OplogShowResult.Line(
                happening.at().toString(),
                happening.last().toString(),
                happening.wall(),
                happening.kind(),
                happening.what(),
                happening.operations());
    }
}
