package io.firedrill.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of stores, and what is peculiar to a directory. */
class DirectoryObjectStoreTest implements ObjectStoreContract {
    private static final ObjectKey KEY = ObjectKey.of("a/b");

    @TempDir
    Path temp;

    @Override
    public ObjectStore store() {
        return ObjectStores.open(new StoreSettings(root().toUri().toString(), Optional.empty(), Optional.empty()));
    }

    @Override
    public int keysOfThreePages() {
        return 2500;
    }

    private Path root() {
        return temp.resolve("not/yet/there");
    }

    private List<Path> scratch() throws IOException {
        try (var files = Files.list(root().resolve(DirectoryWriter.SCRATCH))) {
            return files.filter(file -> file.getFileName().toString().startsWith("put-"))
                    .toList();
        }
    }

    /** Where the file system has no hard links, publishing looks and moves under a lock instead. */
    @Nested
    class WithoutHardLinks implements ObjectStoreContract {
        @Override
        public ObjectStore store() {
            return new DirectoryObjectStore(root(), Publication.lockedMove(root().resolve(DirectoryWriter.SCRATCH)));
        }

        @Override
        public int keysOfThreePages() {
            return 10;
        }
    }

    @Test
    void nothingIsMadeBeforeTheFirstObject() {
        try (var store = store()) {
            assertThat(store.list("")).isEmpty();
            assertThat(store.head(KEY)).isEmpty();
            assertThat(root()).doesNotExist();
            assertThat(store.location()).isEqualTo("file://" + root());
        }
    }

    @Test
    void whatAFailedPutWroteIsRemoved() throws IOException {
        try (var store = store()) {
            var broken = Content.of(5, new byte[32], () -> new java.io.ByteArrayInputStream(new byte[3]));
            var failure = catchThrowableOfType(Failure.class, () -> store.create(KEY, broken));
            assertThat(failure.kind()).isEqualTo(FailureKind.BACKUP_DAMAGED);
            assertThat(scratch()).isEmpty();
            assertThat(root().resolve("a/b")).doesNotExist();
        }
    }

    @Test
    void whatAKilledPutWroteIsRemovedADayLater() throws IOException {
        try (var store = store()) {
            var scratch = Files.createDirectories(root().resolve(DirectoryWriter.SCRATCH));
            var old = Files.createFile(scratch.resolve("put-old"));
            var young = Files.createFile(scratch.resolve("put-young"));
            var now = Files.getLastModifiedTime(young).toInstant();
            Files.setLastModifiedTime(old, FileTime.from(now.minus(Duration.ofHours(25))));
            Files.setLastModifiedTime(young, FileTime.from(now.minus(Duration.ofHours(23))));
            store.create(KEY, Content.of(new byte[1]));
            assertThat(scratch()).containsExactly(young);
            assertThat(store.list("")).hasSize(1);
        }
    }

    @Test
    void theStoresOwnFolderIsNoPlaceForObjects() {
        try (var store = store()) {
            var key = ObjectKey.of(DirectoryWriter.SCRATCH + "/x");
            assertThatIllegalArgumentException().isThrownBy(() -> store.create(key, Content.of(new byte[1])));
        }
    }

    @Test
    void noSymbolicLinkLeadsOutOfTheStore() throws IOException {
        var secret = Files.createDirectories(temp.resolve("elsewhere"));
        Files.writeString(secret.resolve("b"), "secret");
        Files.createDirectories(root());
        Files.createSymbolicLink(root().resolve("a"), secret);
        Files.createSymbolicLink(root().resolve("file"), secret.resolve("b"));
        try (var store = store()) {
            for (String name : List.of("a/b", "file", "a/new")) {
                var key = ObjectKey.of(name);
                assertDamaged(catchThrowableOfType(Failure.class, () -> store.open(key)));
                assertDamaged(catchThrowableOfType(Failure.class, () -> store.create(key, Content.of(new byte[1]))));
                assertDamaged(catchThrowableOfType(Failure.class, () -> store.delete(key)));
            }
            assertDamaged(catchThrowableOfType(Failure.class, () -> store.list("a/")));
            assertThat(store.list("")).isEmpty();
            assertThat(secret.resolve("new")).doesNotExist();
        }
    }

    private static void assertDamaged(Failure failure) {
        assertThat(failure.kind()).isEqualTo(FailureKind.BACKUP_DAMAGED);
        assertThat(failure).hasMessageContaining("symbolic link");
    }

    @Test
    void aStoreMayItselfBeReachedThroughALink() throws IOException {
        var real = Files.createDirectories(temp.resolve("real"));
        var link = Files.createSymbolicLink(temp.resolve("link"), real);
        try (var store = ObjectStores.directory(link)) {
            store.create(KEY, Content.of(new byte[1]));
            assertThat(store.list("")).hasSize(1);
        }
    }

    @Test
    void aKeyThatIsAFolderOfAnotherIsRefused() {
        try (var store = store()) {
            store.create(KEY, Content.of(new byte[1]));
            for (String name : List.of("a", "a/b/c", "x".repeat(300))) {
                var key = ObjectKey.of(name);
                assertThat(store.head(key)).isEmpty();
                assertThat(store.open(key)).isEmpty();
                var failure = catchThrowableOfType(Failure.class, () -> store.create(key, Content.of(new byte[1])));
                assertThat(failure.kind()).as(name).isEqualTo(FailureKind.CONFIGURATION_INVALID);
                store.delete(key);
            }
            assertThat(store.list("")).hasSize(1);
        }
    }

    @Test
    void anObjectThatShrinksWhileItIsReadIsDamaged() throws IOException {
        try (var store = store()) {
            store.create(KEY, Content.of(new byte[100_000]));
            try (var in = store.open(KEY).orElseThrow()) {
                in.readNBytes(10);
                Files.write(root().resolve("a/b"), new byte[20]);
                var failure = catchThrowableOfType(Failure.class, in::readAllBytes);
                assertThat(failure.kind()).isEqualTo(FailureKind.BACKUP_DAMAGED);
                assertThat(failure).hasMessageContaining("became shorter");
            }
        }
    }

    @Test
    void filesUnderNamesThatAreNoKeysAreNotListed() throws IOException {
        Files.createDirectories(root());
        Files.createFile(root().resolve("back\\slash"));
        Files.createFile(root().resolve("good"));
        try (var store = store()) {
            assertThat(store.list("")).containsExactly(new ObjectInfo(ObjectKey.of("good"), 0));
        }
    }

    @Test
    void aFileInPlaceOfTheStoreIsAConfigurationError() throws IOException {
        var file = Files.createFile(temp.resolve("file"));
        try (var store = ObjectStores.directory(file)) {
            var failure = catchThrowableOfType(Failure.class, () -> store.create(KEY, Content.of(new byte[1])));
            assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        }
    }

    @Test
    void aFullDiskIsAFullStoreAndLeavesNothing() throws Exception {
        var mount = Files.createDirectories(temp.resolve("tiny"));
        try (var disk = new Mount(mount, "size=1m")) {
            assumeTrue(disk.isThere(), "disk full is STORE_FULL: not tested, only root can mount a tiny disk");
            var store = ObjectStores.directory(mount.resolve("store"));
            assertThat(store.create(KEY, Content.of(new byte[1000]))).isTrue();
            var large = Content.of(new byte[2 << 20]);
            var failure = catchThrowableOfType(Failure.class, () -> store.create(ObjectKey.of("large"), large));
            assertThat(failure.kind()).isEqualTo(FailureKind.STORE_FULL);
            assertThat(store.list("")).containsExactly(new ObjectInfo(KEY, 1000));
            assertThat(store.create(ObjectKey.of("small"), Content.of(new byte[100_000])))
                    .isTrue();
        }
    }

    @Test
    void aReadOnlyDiskIsDeniedAndStillRead() throws Exception {
        var mount = Files.createDirectories(temp.resolve("frozen"));
        try (var disk = new Mount(mount, "size=1m")) {
            assumeTrue(disk.isThere(), "read-only store is ACCESS_DENIED: not tested, only root can mount a disk");
            var store = ObjectStores.directory(mount);
            store.create(KEY, Content.of(new byte[9]));
            disk.remountReadOnly();
            var failure = catchThrowableOfType(
                    Failure.class, () -> store.create(ObjectKey.of("more"), Content.of(new byte[1])));
            assertThat(failure.kind()).isEqualTo(FailureKind.ACCESS_DENIED);
            assertThat(failure).hasMessageContaining("read-only");
            assertThat(store.read(KEY, 9)).isPresent();
            var undeleted = catchThrowableOfType(Failure.class, () -> store.delete(KEY));
            assertThat(undeleted.kind()).isEqualTo(FailureKind.ACCESS_DENIED);
        }
    }

    @Test
    void otherFaultsOfTheDiskAreNamed() {
        var faults = new DirectoryFaults("file:///x");
        assertThat(faults.of("o", new IOException("Input/output error")).kind())
                .isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        assertThat(faults.of("o", new IOException()).kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        assertThat(faults.of("o", new java.nio.file.AccessDeniedException("f")).kind())
                .isEqualTo(FailureKind.ACCESS_DENIED);
        assertThat(faults.of("o", new FileSystemException("f", null, "Disk quota exceeded"))
                        .kind())
                .isEqualTo(FailureKind.STORE_FULL);
    }
}
