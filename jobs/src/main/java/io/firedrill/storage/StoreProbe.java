package io.firedrill.storage;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tries what a store can do, once and without patience. Every method throws a {@link io.firedrill.failure.Failure}; what it
 * writes, {@link #remove} takes away.
 */
public interface StoreProbe extends AutoCloseable {
    /** Fit to be printed. */
    String location();

    /** Where it is reached; empty where it is a directory. */
    Optional<URI> endpoint();

    /** Whether there is a place for it at all: a directory that is not there is an empty store, or a mount that is missing. */
    boolean exists();

    /** Lists what is there, up to one object. */
    void list();

    /** Writes an object, and then others under the same key. True if the first one stayed, as every store has to see to. */
    boolean createsOnce(ObjectKey key);

    /** Writes bytes with the checksum of others. True if they were refused. */
    boolean refusesWrongChecksum(ObjectKey key);

    /** What its clock says; of an object that was just written. */
    Instant clock(ObjectKey key);

    /** Removes what was written, if it is there. */
    void remove(ObjectKey key);

    /**
     * Whether we may delete below a prefix: by the deletion of an object that nobody has, or by what a file system says of us. Throws
     * what a deletion would be refused with.
     *
     * @param name that nobody else uses
     */
    void mayDelete(String prefix, String name);

    /** Writes an object that is to be locked until then. True if the store says that it is. */
    boolean locksUntil(ObjectKey key, Instant until);

    /** Whether objects can be locked; empty where a store knows no such thing. */
    Optional<Boolean> locks();

    /** Whether what is deleted or overwritten is kept; empty where a store knows no such thing. */
    Optional<Boolean> keepsVersions();

    /** The rules by which the store itself deletes objects of ours after a time; empty where a store knows no such thing. */
    Optional<List<String>> expirations();

    /** The bytes that are left; empty where nobody knows. */
    OptionalLong bytesFree();

    @Override
    void close();
}
