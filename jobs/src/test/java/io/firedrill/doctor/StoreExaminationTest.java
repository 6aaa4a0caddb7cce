package io.firedrill.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.doctor.Finding.State;
import io.firedrill.doctor.StoreExamination.Wanted;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStores;
import io.firedrill.storage.StoreProbe;
import io.firedrill.storage.StoreSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found of stores that do not keep their word in one thing, and of one that is not there. */
class StoreExaminationTest {
    private static final List<String> SEGMENTS = List.of("sources/orders/segments/");

    @TempDir
    Path directory;

    private static List<Finding> found(StoreProbe probe, boolean lock, List<String> deletions, boolean prunes) {
        try (probe) {
            return new StoreExamination(probe, InstantSource.system(), new Wanted(lock, deletions, prunes))
                    .examine("name")
                    .all();
        }
    }

    private static Finding of(List<Finding> findings, Check check) {
        return findings.stream()
                .filter(each -> each.check() == check)
                .findFirst()
                .orElseThrow();
    }

    private StoreProbe sound(Path root) {
        return ObjectStores.probe(new StoreSettings(root.toUri().toString(), Optional.empty(), Optional.empty()));
    }

    @Test
    void aDirectoryThatIsNotThereIsNotMadeAndNothingIsProvenOfIt() {
        Path absent = directory.resolve("mount");
        List<Finding> findings = found(sound(absent), false, SEGMENTS, true);
        assertThat(absent).doesNotExist();
        assertThat(of(findings, Check.REACHABLE).state()).isEqualTo(State.WARN);
        assertThat(of(findings, Check.REACHABLE).seen()).contains("the first run would make it");
        assertThat(of(findings, Check.REACHABLE).hint()).contains("a mount is missing");
        assertThat(findings)
                .filteredOn(each -> each.state() == State.SKIPPED)
                .extracting(Finding::check)
                .containsExactly(Check.WRITE, Check.CHECKSUM, Check.CLOCK, Check.SPACE);
    }

    @Test
    void whatIsDeniedWherePruneDeletesEndsAPruneAndWarnsTheOthers() {
        var denying = new Weak(sound(directory)) {
            @Override
            public void mayDelete(String prefix, String name) {
                throw new Failure(FailureKind.ACCESS_DENIED, "delete '%s%s': 403".formatted(prefix, name), "Grant it.");
            }
        };
        Finding failed = of(found(denying, false, SEGMENTS, true), Check.DELETE);
        assertThat(failed.state()).isEqualTo(State.FAIL);
        assertThat(failed.seen()).contains("sources/orders/segments/doctor-name");
        Finding warned = of(found(denying, false, SEGMENTS, false), Check.DELETE);
        assertThat(warned.state()).isEqualTo(State.WARN);
        assertThat(warned.kind()).contains(FailureKind.ACCESS_DENIED);
        assertThat(warned.hint()).contains("--for backup");
        assertThat(found(denying, false, List.of(), false))
                .extracting(Finding::check)
                .doesNotContain(Check.DELETE);
    }

    @Test
    void bytesThatWereKeptThoughTheyWereRefusedAreRemoved() throws IOException {
        var keeping = new Weak(sound(directory)) {
            @Override
            public boolean refusesWrongChecksum(ObjectKey key) {
                put(key);
                return true;
            }
        };
        assertThat(of(found(keeping, false, List.of(), false), Check.CHECKSUM).state())
                .isEqualTo(State.OK);
        assertThat(left()).isEmpty();
        var failing = new Weak(sound(directory)) {
            @Override
            public boolean refusesWrongChecksum(ObjectKey key) {
                put(key);
                throw new Failure(FailureKind.DEPENDENCY_UNAVAILABLE, "no answer", "Try again.");
            }
        };
        assertThat(of(found(failing, false, List.of(), false), Check.CHECKSUM).state())
                .isEqualTo(State.FAIL);
        assertThat(left()).isEmpty();
    }

    private void put(ObjectKey key) {
        try {
            Files.createDirectories(directory.resolve("doctor"));
            Files.writeString(directory.resolve(key.value()), "one");
        } catch (IOException thrown) {
            throw new AssertionError(thrown);
        }
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void aLockThatIsNotKeptOrNotAllowedIsAFailureWhereEvidenceIsToBeLocked() {
        var forgetful = new Weak(sound(directory)) {
            @Override
            public Optional<Boolean> locks() {
                return Optional.of(true);
            }
        };
        Finding forgotten = of(found(forgetful, true, List.of(), false), Check.LOCK);
        assertThat(forgotten.state()).isEqualTo(State.FAIL);
        assertThat(forgotten.seen()).contains("does not say that it is locked");
        var denying = new Weak(forgetful) {
            @Override
            public boolean locksUntil(ObjectKey key, Instant until) {
                throw new Failure(FailureKind.ACCESS_DENIED, "lock '%s': 403".formatted(key), "Grant it.");
            }
        };
        Finding denied = of(found(denying, true, List.of(), false), Check.LOCK);
        assertThat(denied.state()).isEqualTo(State.FAIL);
        assertThat(denied.seen()).contains("doctor/name-locked");
        assertThat(of(found(denying, false, List.of(), false), Check.LOCK).seen())
                .contains("was not tried");
    }

    /** As good as another one, but for what a test takes from it. */
    private abstract static class Weak implements StoreProbe {
        private final StoreProbe sound;

        Weak(StoreProbe sound) {
            this.sound = sound;
        }

        @Override
        public String location() {
            return sound.location();
        }

        @Override
        public Optional<URI> endpoint() {
            return sound.endpoint();
        }

        @Override
        public boolean exists() {
            return sound.exists();
        }

        @Override
        public void list() {
            sound.list();
        }

        @Override
        public boolean createsOnce(ObjectKey key) {
            return sound.createsOnce(key);
        }

        @Override
        public boolean refusesWrongChecksum(ObjectKey key) {
            return sound.refusesWrongChecksum(key);
        }

        @Override
        public Instant clock(ObjectKey key) {
            return sound.clock(key);
        }

        @Override
        public void remove(ObjectKey key) {
            sound.remove(key);
        }

        @Override
        public void mayDelete(String prefix, String name) {
            sound.mayDelete(prefix, name);
        }

        @Override
        public boolean locksUntil(ObjectKey key, Instant until) {
            return sound.locksUntil(key, until);
        }

        @Override
        public Optional<Boolean> locks() {
            return sound.locks();
        }

        @Override
        public Optional<Boolean> keepsVersions() {
            return sound.keepsVersions();
        }

        @Override
        public Optional<List<String>> expirations() {
            return sound.expirations();
        }

        @Override
        public OptionalLong bytesFree() {
            return sound.bytesFree();
        }

        @Override
        public void close() {
            sound.close();
        }
    }
}
