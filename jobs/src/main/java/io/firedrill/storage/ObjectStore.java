package io.firedrill.storage;

import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Bytes under keys, each written once and never replaced.
 *
 * <p>Every method retries what may pass, for a bounded time, and then throws a
 * {@link io.firedrill.failure.Failure}; so do the streams. What a method returned as stored is durable and visible to
 * every other client. Safe for use by many threads.
 */
public interface ObjectStore extends AutoCloseable {
    /**
     * Creates an object with this content, or changes nothing.
     *
     * <p>Nothing is visible before all of it is, and nothing ever if the bytes do not match the checksum. Doing it again
     * is safe and answers false.
     *
     * @return true if this call created the object; false if one with this key was already there, whatever is in it
     */
    boolean create(ObjectKey key, Content content);

    /**
     * As {@link #create}, and until then nobody may delete the object, whatever his rights; a Failure where the store cannot
     * promise that. Whether it has, {@link #lockedUntil} tells.
     */
    boolean createLocked(ObjectKey key, Content content, Instant until);

    /** Until when nobody may delete the object, by the store's own word; empty if somebody may now, or there is none. */
    Optional<Instant> lockedUntil(ObjectKey key);

    /** The whole object; empty if there is none. The stream ends after the last byte of the object or fails. */
    Optional<InputStream> open(ObjectKey key);

    /** A range of the object, all of which has to exist; empty if there is no such object. */
    Optional<InputStream> openRange(ObjectKey key, long offset, long length);

    /** A small object at once; one of more than {@code bytesMax} bytes is a damaged one. */
    Optional<byte[]> read(ObjectKey key, int bytesMax);

    Optional<ObjectInfo> head(ObjectKey key);

    /** The objects whose keys begin so, in key order, fetched page by page as the stream is consumed. */
    Stream<ObjectInfo> list(String prefix);

    /** The objects of {@link #list(String)} whose keys come after the given one, which need not exist. */
    Stream<ObjectInfo> list(String prefix, ObjectKey after);

    /** Removes the object if it is there. */
    void delete(ObjectKey key);

    /** The store's URL, fit to be printed. */
    String location();

    @Override
    void close();
}
