package io.firedrill.testing;

import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A store that tells a test of each operation before it happens, so that the test may let others go first, or fail it; and of
 * each creation after it has happened, so that its answer may be lost.
 */
public final class SteppedStore implements ObjectStore {
    /** What is about to happen. */
    public enum Operation {
        CREATE,
        READ,
        LIST,
        DELETE
    }

    private final ObjectStore store;
    private final BiConsumer<Operation, String> before;
    private final Consumer<String> created;

    public SteppedStore(ObjectStore store, BiConsumer<Operation, String> before) {
        this(store, before, _ -> {});
    }

    private SteppedStore(ObjectStore store, BiConsumer<Operation, String> before, Consumer<String> created) {
        this.store = store;
        this.before = before;
        this.created = created;
    }

    /** Tells of each key that was created, or was there already. */
    public static SteppedStore after(ObjectStore store, Consumer<String> created) {
        return new SteppedStore(store, (_, _) -> {}, created);
    }

    @Override
    public boolean create(ObjectKey key, Content content) {
        before.accept(Operation.CREATE, key.value());
        boolean answer = store.create(key, content);
        created.accept(key.value());
        return answer;
    }

    @Override
    public boolean createLocked(ObjectKey key, Content content, Instant until) {
        return store.createLocked(key, content, until);
    }

    @Override
    public Optional<Instant> lockedUntil(ObjectKey key) {
        return store.lockedUntil(key);
    }

    @Override
    public Optional<InputStream> open(ObjectKey key) {
        before.accept(Operation.READ, key.value());
        return store.open(key);
    }

    @Override
    public Optional<InputStream> openRange(ObjectKey key, long offset, long length) {
        before.accept(Operation.READ, key.value());
        return store.openRange(key, offset, length);
    }

    @Override
    public Optional<byte[]> read(ObjectKey key, int bytesMax) {
        before.accept(Operation.READ, key.value());
        return store.read(key, bytesMax);
    }

    @Override
    public Optional<ObjectInfo> head(ObjectKey key) {
        before.accept(Operation.READ, key.value());
        return store.head(key);
    }

    @Override
    public Stream<ObjectInfo> list(String prefix) {
        before.accept(Operation.LIST, prefix);
        return store.list(prefix);
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, ObjectKey after) {
        before.accept(Operation.LIST, prefix);
        return store.list(prefix, after);
    }

    @Override
    public void delete(ObjectKey key) {
        before.accept(Operation.DELETE, key.value());
        store.delete(key);
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public void close() {
        store.close();
    }
}
