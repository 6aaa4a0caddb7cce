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
