package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A store on the heap that fails where it is told to. */
public final class HeapStore implements ObjectStore {
    final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
    volatile Predicate<String> refusedCreates = _ -> false;
    volatile Predicate<String> refusedDeletes = _ -> false;
    /** Creates that happen although the caller hears that the key was taken, as after a lost answer. */
    volatile Predicate<String> lostAnswers = _ -> false;

    /** Keys that another process takes a moment before we do. */
    volatile Predicate<String> rivals = _ -> false;

    /** What is locked until when. */
    final ConcurrentSkipListMap<String, Instant> locks = new ConcurrentSkipListMap<>();

    /** Objects that are taken without the lock that was asked for, as servers do that do not know the header. */
    volatile Predicate<String> forgetsLocks = _ -> false;

    /** Objects that are something else as soon as they were read once. */
    volatile Predicate<String> changing = _ -> false;

    /** How often an object was read. */
    final AtomicInteger reads = new AtomicInteger();

    List<String> keys(String prefix) {
        return objects.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    }

    @Override
    public boolean create(ObjectKey key, Content content) {
        refuse(refusedCreates, key);
        if (rivals.test(key.value())) {
            objects.putIfAbsent(key.value(), new byte[] {'{', '}'});
        }
        try (InputStream bytes = content.open()) {
            boolean created = objects.putIfAbsent(key.value(), bytes.readAllBytes()) == null;
            return created && !lostAnswers.test(key.value());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    public boolean createLocked(ObjectKey key, Content content, Instant until) {
        boolean created = create(key, content);
        if (created && !forgetsLocks.test(key.value())) {
            locks.put(key.value(), until);
        }
        return created;
    }

    @Override
    public Optional<Instant> lockedUntil(ObjectKey key) {
        return Optional.ofNullable(locks.get(key.value()));
    }

    @Override
    public Optional<InputStream> open(ObjectKey key) {
        return read(key, Integer.MAX_VALUE).map(ByteArrayInputStream::new);
    }

    @Override
    public Optional<InputStream> openRange(ObjectKey key, long offset, long length) {
        return read(key, Integer.MAX_VALUE)
                .map(bytes -> new ByteArrayInputStream(bytes, Math.toIntExact(offset), Math.toIntExact(length)));
    }

    @Override
    public Optional<byte[]> read(ObjectKey key, int bytesMax) {
        reads.incrementAndGet();
        Optional<byte[]> found =
                Optional.ofNullable(objects.get(key.value())).map(bytes -> Arrays.copyOf(bytes, bytes.length));
        if (changing.test(key.value())) {
            objects.put(key.value(), new byte[] {'{', '}'});
        }
        return found;
    }

    @Override
    public Optional<ObjectInfo> head(ObjectKey key) {
        return Optional.ofNullable(objects.get(key.value())).map(bytes -> new ObjectInfo(key, bytes.length));
    }

    @Override
    public Stream<ObjectInfo> list(String prefix) {
        return keys(prefix).stream().map(ObjectKey::of).flatMap(key -> head(key).stream());
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, ObjectKey after) {
        return list(prefix).filter(object -> object.key().value().compareTo(after.value()) > 0);
    }

    @Override
    public void delete(ObjectKey key) {
        refuse(refusedDeletes, key);
        objects.remove(key.value());
    }

    @Override
    public String location() {
        return "heap:";
    }

    @Override
    public void close() {}

    private static void refuse(Predicate<String> refused, ObjectKey key) {
        if (refused.test(key.value())) {
            throw new Failure(FailureKind.DEPENDENCY_UNAVAILABLE, "the store does not answer", "Look after the store.");
        }
    }
}
