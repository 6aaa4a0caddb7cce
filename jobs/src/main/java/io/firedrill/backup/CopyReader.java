package io.firedrill.backup;

import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.Segment;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CollectionScan;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonArray;

/**
 * Reads a copy that stands for its source at the plan's moment, and that nobody writes to any more: what is there, is what was
 * there then. It goes by the names, since the plan has the identities of the source, and the copy has others.
 */
public final class CopyReader implements RangeReader {
    private final Deployment copy;
    private final Map<Namespace, UUID> collections;

    /**
     * @param collections the identities that the copy gave
     */
    public CopyReader(Deployment copy, Map<Namespace, UUID> collections) {
        this.copy = copy;
        this.collections = Map.copyOf(collections);
    }

    @Override
    public List<Segment> read(BackupPlan plan, Range range, Cutting cutting) {
        CollectionShape shape = plan.collections().get(range.collection());
        var scan = new CollectionScan(shape, identityOf(shape.namespace()));
        return cutting.cut(plan.at(), consumer -> scan.read(copy, range.min(), range.max(), consumer));
    }

    /** A copy is read whole: it knows nothing of what was read before. */
    @Override
    public Optional<Scan> lookUp(BackupPlan plan, Range range, BsonArray ids) {
        return Optional.empty();
    }

    private UUID identityOf(Namespace name) {
        UUID found = collections.get(name);
        if (found == null) {
            throw new Failure(
                    FailureKind.VERIFICATION_FAILED,
                    "collection %s is not in %s %s, which was proven to hold it"
                            .formatted(name, copy.role(), copy.hosts()),
                    "Somebody dropped it there: run it again, and see to it that nobody else reaches that server.");
        }
        return found;
    }
}
