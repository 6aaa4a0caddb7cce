package io.firedrill.backup;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupPlan.Excluded;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CappedSnapshot;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CatalogReader.CatalogAt;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Finds out what of a source is covered, at one cluster time. */
final class SourceContents {
    private final Deployment source;
    private final BackupCatalog catalog;
    private final Coverage coverage;

    SourceContents(Deployment source, BackupCatalog catalog, Coverage coverage) {
        this.source = source;
        this.catalog = catalog;
        this.coverage = coverage;
    }

    /** What is covered, and the cluster time at which it is. */
    record Contents(
            DeploymentIdentity identity, OpTime at, List<CollectionShape> collections, List<Excluded> excluded) {}

    /**
     * Reads it; refuses another replica set than the catalog knows as the source, and one without any data.
     *
     * @param capped opened at the cluster time of what is found
     */
    Contents read(String note, CappedSnapshot capped) {
        DeploymentIdentity identity = source.identity();
        catalog.succession().requireCurrent(identity);
        CatalogAt read =
                new CatalogReader(source).readAtFence(note, capped, shape -> isIncluded(shape, new ArrayList<>()));
        List<Excluded> excluded = new ArrayList<>();
        List<CollectionShape> included = read.collections().stream()
                .filter(shape -> isIncluded(shape, excluded))
                .toList();
        requireTimeSeries(included);
        requireData(included);
        return new Contents(identity, read.at(), included, excluded);
    }

    /** Capped collections are read under their names: were they theirs all the while? */
    void requireInPlace(String note, Contents contents) {
        Set<UUID> capped = contents.collections().stream()
                .filter(CollectionShape::isCapped)
                .map(shape -> shape.uuid().orElseThrow())
                .collect(Collectors.toSet());
        if (!capped.isEmpty()) {
            new SourceChange(source, note).of(capped, contents.at()).ifPresent(failure -> {
                throw failure;
            });
        }
    }

    private boolean isIncluded(CollectionShape shape, List<Excluded> excluded) {
        String namespace = shape.namespace().toString();
        if (coverage.isExcluded(shape.namespace())) {
            excluded.add(new Excluded(namespace, "excluded by the setting 'exclude'"));
            return false;
        }
        if (shape.namespace().isAccess()) {
            return true;
        }
        if (shape.namespace().database().equals("admin")) {
            excluded.add(new Excluded(namespace, "lies in admin, of which only users and roles are backed up"));
            return false;
        }
        if (shape.namespace().isSystem()) {
            if (!shape.namespace().collection().equals("system.views")) {
                excluded.add(new Excluded(namespace, "belongs to the server"));
            }
            return false;
        }
        return true;
    }

    /** Buckets can only be restored together with the time series collection that makes sense of them. */
    private static void requireTimeSeries(List<CollectionShape> included) {
        Set<Namespace> names = included.stream().map(CollectionShape::namespace).collect(Collectors.toSet());
        for (Namespace name : names) {
            if (!names.contains(name.owner())) {
                throw new Failure(
                        FailureKind.SOURCE_UNSUITABLE,
                        "%s holds the buckets of a time series collection that does not exist".formatted(name),
                        "Leave it out with 'exclude: [%s]'; every record will say that it is not covered."
                                .formatted(name));
            }
        }
    }

    private void requireData(List<CollectionShape> included) {
        boolean none = included.stream()
                .noneMatch(shape -> shape.hasDocuments() && !shape.namespace().isAccess());
        if (none) {
            throw new Failure(
                    FailureKind.SOURCE_UNSUITABLE,
                    "%s %s holds no collection to back up".formatted(source.role(), source.hosts()),
                    "Check that this is the right deployment, and that not everything is excluded.");
        }
    }
}
