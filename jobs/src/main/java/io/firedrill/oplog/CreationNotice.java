package io.firedrill.oplog;

import io.firedrill.mongo.Namespace;
import java.util.Optional;
import java.util.UUID;

/** Told of every collection and view that a replay is about to create in a target, so that somebody can clean up after it. */
@FunctionalInterface
public interface CreationNotice {
    /**
     * @param uuid which a collection will have, whatever it is called later; empty for a view
     */
    void creating(Namespace namespace, Optional<UUID> uuid);
}
