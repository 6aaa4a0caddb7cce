package io.firedrill.storage;

import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A store whose writes a test gets in the way of. */
final class HookedStore implements ObjectStore {
    private final ObjectStore store;
    Consumer<ObjectKey> beforeCreate = key -> {};
    Consumer<ObjectKey> afterCreate = key -> {};
    Consumer<ObjectKey> beforeDelete = key -> {};
    BooleanSupplier hidesEverything = () -> false;

    HookedStore(ObjectStore store) {
        this.store = store;
    }

    @Override
    public boolean create(ObjectKey key, Content content) {
        beforeCreate.accept(key);
        boolean created = store.create(key, content);
        afterCreate.accept(key);
        return created;
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
        return store.open(key);
    }

    @Override
    public Optional<InputStream> openRange(ObjectKey key, long offset, long length) {
        return store.openRange(key, offset, length);
    }

    @Override
    public Optional<byte[]> read(ObjectKey key, int bytesMax) {
        return hidesEverything.getAsBoolean() ? Optional.empty() : store.read(key, bytesMax);
    }

    @Override
    public Optional<ObjectInfo> head(ObjectKey key) {
        return store.head(key);
    }

    @Override
    public Stream<ObjectInfo> list(String prefix) {
        return store.list(prefix);
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, ObjectKey after) {
        return store.list(prefix, after);
    }

    @Override
    public void delete(ObjectKey key) {
        beforeDelete.accept(key);
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
