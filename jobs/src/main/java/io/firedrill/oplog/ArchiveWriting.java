package io.firedrill.oplog;

import io.firedrill.archive.OplogArchive;
import java.time.InstantSource;

/**
 * Where the archive lies, and by what right it is written.
 *
 * @param lease throws when another may write instead
 * @param fence of that lease
 */
public record ArchiveWriting(OplogArchive archive, Runnable lease, long fence, InstantSource clock) {}
