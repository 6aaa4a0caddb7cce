package io.firedrill.oplog;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.Digests;
import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogLink;
import io.firedrill.archive.OplogSpan;
import io.firedrill.archive.Synthetic;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * Reads the archived oplog between a backup and a moment through before anything is written: every slice by its digests, and
 * every entry in its order. What is wrong is named.
 */
public final class ChainCheck {
    private final BackupCatalog catalog;
    private final OplogArchive archive;
    private final RecoveryPlan plan;
    private final Runnable checkpoint;
    private final ChainWalk walk;
    private final Optional<Synthetic> synthetic;
    private final PassedOver passedOver = new PassedOver();
    private @Nullable OplogEntry last;
    private boolean fenced;

    /**
     * @param checkpoint called once a slice; throws when the run must not go on
     */
    public ChainCheck(BackupCatalog catalog, RecoveryPlan plan, Runnable checkpoint) {
        this.catalog = catalog;
        this.archive = catalog.oplog();
        this.plan = plan;
        this.checkpoint = checkpoint;
        this.synthetic = catalog.manifest(plan.base().backup()).synthetic();
        this.walk = new ChainWalk(archive, plan.base().at(), plan.until());
    }

    /**
     * Checks.
     *
     * @param progress told the bytes of the entries
     */
    public CheckedChain check(LongConsumer progress) {
        OpTime from = plan.base().at();
        List<OplogLink> links = archive.links(plan.window().timeline(), from, plan.until());
        for (OplogLink link : links) {
            checkpoint.run();
            walk.walk(link, this::look);
            progress.accept(link.slice().stored().bytesRaw());
        }
        requireFence();
        requireEnd(links);
        Optional<OplogLog> own =
                catalog.manifest(plan.base().backup()).oplog().map(span -> new OplogLog(ownSlices(), span));
        List<OplogLink> older = new EarlierParts(archive, plan.window().timeline(), own).find(walk.missingParts());
        List<OplogLog> logs = new ArrayList<>();
        older.forEach(link -> logs.add(log(from, List.of(link))));
        logs.add(log(from, links));
        return new CheckedChain(
                logs,
                from,
                walk.reached(),
                walk.wall(),
                walk.entries(),
                (long) links.size() + older.size(),
                digest(Objects.requireNonNull(last)),
                passedOver);
    }

    private io.firedrill.archive.SegmentStore ownSlices() {
        return catalog.oplog(plan.base().backup());
    }

    private OplogLog log(OpTime from, List<OplogLink> links) {
        return new OplogLog(
                archive.slices(),
                new OplogSpan(from, links.stream().map(OplogLink::slice).toList()));
    }

    private void look(OplogEntry entry) {
        last = entry;
        int order = entry.at().compareTo(plan.base().at());
        if (order == 0) {
            fenced = isOfBase(entry);
        } else if (order > 0) {
            passedOver.add(entry);
        }
    }

    /**
     * The backup's own note at its consistency point: who finds it there has its history. A synthetic backup left none, and
     * knows the entry that it ends with.
     */
    private boolean isOfBase(OplogEntry entry) {
        var note = new BsonString(plan.base().backup().value());
        return synthetic
                .map(how -> how.lastEntry().equals(digest(entry)))
                .orElseGet(() ->
                        entry.kind().equals("n") && note.equals(entry.object().get("firedrill")));
    }

    private static String digest(OplogEntry entry) {
        var bytes = entry.raw().getByteBuffer().asNIO();
        var raw = new byte[bytes.remaining()];
        bytes.get(raw);
        return Digests.sha256Hex(raw);
    }

    private void requireFence() {
        if (!fenced) {
            String sign = synthetic.isPresent()
                    ? "the entry that backup %s ends with"
                    : "the note that backup %s left in its source";
            throw new Failure(
                    FailureKind.TARGET_UNREACHABLE,
                    "timeline %d of the archived oplog does not hold %s at %s: it is of another history"
                            .formatted(
                                    plan.window().timeline().number(),
                                    sign.formatted(plan.base().backup()),
                                    plan.base().at()),
                    "Begin with another backup, by --backup; and find out whether the source was rolled back or restored after that one.");
        }
    }

    private void requireEnd(List<OplogLink> links) {
        if (links.isEmpty() || links.getLast().last().compareTo(plan.until()) < 0) {
            throw new Failure(
                    FailureKind.BACKUP_DAMAGED,
                    "the archived oplog ends before %s, and went to %s a moment ago"
                            .formatted(plan.until(), plan.window().to()),
                    "Find out what deletes from the store; then ask for a moment that 'firedrill status' shows.");
        }
    }
}
