package io.firedrill.backup;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CatalogChange;
import io.firedrill.mongo.CatalogChanges;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.RangeScan;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Finds the name of what changed a source while it was being read: the server only says that something did. */
final class SourceChange {
    private final Deployment source;
    private final String note;

    /**
     * @param source whose oplog is looked into
     * @param note for the fence that ends the span in question
     */
    SourceChange(Deployment source, String note) {
        this.source = source;
        this.note = note;
    }

    /** Does what a change of any collection may come in the way of, and names that change if it does. */
    <T> T naming(OpTime at, Supplier<T> work) {
        try {
            return work.get();
        } catch (Failure failure) {
            throw isChange(failure)
                    ? new CatalogChanges(source)
                            .first(at, source.fence(note))
                            .map(change -> failure(change, at))
                            .orElse(failure)
                    : failure;
        }
    }

    /** What took one of these collections away after a moment; empty where nothing did. */
    Optional<Failure> of(Set<UUID> collections, OpTime at) {
        return new CatalogChanges(source)
                .firstOf(collections, at, source.fence(note))
                .map(change -> failure(change, at));
    }

    /** A failure if anything that a backup covers was changed in a span, but for documents. */
    void requireNone(Coverage coverage, OpTime at, OpTime until) {
        new CatalogChanges(source)
                .all(at, until).stream()
                        .filter(change -> change.namespaces().stream().anyMatch(coverage::covers))
                        .findFirst()
                        .ifPresent(change -> {
                            throw failure(change, at);
                        });
    }

    static boolean isChange(Failure failure) {
        return failure.kind() == FailureKind.SOURCE_CHANGED;
    }

    /** Whether what was to be read at a moment cannot be shown any more: something is in its place, or that moment is forgotten. */
    static boolean isLost(Failure failure) {
        return isChange(failure) || RangeScan.isTooOld(failure);
    }

    private Failure failure(CatalogChange change, OpTime at) {
        return new Failure(
                FailureKind.SOURCE_CHANGED,
                "%s %s changed while its state of %s was being read: %s"
                        .formatted(source.role(), source.hosts(), at, change),
                "Back up when nothing is being dropped, renamed, replaced or recreated, or leave it out with 'exclude'.");
    }
}
