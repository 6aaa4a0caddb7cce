package io.firedrill.oplog;

import io.firedrill.archive.OplogArchive;
import io.firedrill.mongo.DeploymentIdentity;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Where the archive lies, and by what right it is written.
 *
 * @param lease throws when another may write instead
 * @param fence of that lease
 * @param current throws when a replica set is not the one that is to be archived
 */
public record ArchiveWriting(
        OplogArchive archive, Runnable lease, long fence, InstantSource clock, Consumer<DeploymentIdentity> current) {}
