package io.firedrill.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firedrill.doctor.Finding.State;
import io.firedrill.storage.Mount;
import io.firedrill.storage.ObjectStores;
import io.firedrill.storage.StoreProbe;
import io.firedrill.storage.StoreSettings;
import io.firedrill.testing.RecordingServer;
import io.firedrill.testing.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found of real stores, and of stand-ins where no real one can be made to be so broken. */
class StoreExaminationIT {
    private static final List<String> CREDENTIALS = List.of("aws.accessKeyId", "aws.secretAccessKey");

    @TempDir
    Path directory;

    private boolean lent;

    /** What the credentials are does not matter to a stand-in; those of a real server come from the environment. */
    @BeforeEach
    void lend() {
        lent = System.getenv("AWS_ACCESS_KEY_ID") == null;
        if (lent) {
            CREDENTIALS.forEach(name -> System.setProperty(name, "any"));
        }
    }

    @AfterEach
    void takeBack() {
        if (lent) {
            CREDENTIALS.forEach(System::clearProperty);
        }
    }

    private static List<Finding> found(StoreSettings settings, InstantSource clock, boolean lockWanted) {
        try (StoreProbe probe = ObjectStores.probe(settings)) {
            var wanted = new StoreExamination.Wanted(lockWanted, List.of("sources/orders/segments/"), true);
            return new StoreExamination(probe, clock, wanted)
                    .examine(UUID.randomUUID().toString())
                    .all();
        }
    }

    private static List<Finding> found(StoreSettings settings) {
        return found(settings, InstantSource.system(), false);
    }

    private static StoreSettings at(Path path) {
        return new StoreSettings(path.toUri().toString(), Optional.empty(), Optional.empty());
    }

    private static StoreSettings at(RecordingServer server) {
        return new StoreSettings(
                "s3://bucket/prefix", Optional.of(server.address().toString()), Optional.of("us-east-1"));
    }

    private static List<Check> in(List<Finding> findings, State state) {
        return findings.stream()
                .filter(each -> each.state() == state)
                .map(Finding::check)
                .toList();
    }

    @Test
    void aDirectoryIsTriedAndLeftAsItWas() throws IOException {
        List<Finding> findings = found(at(directory));
        assertThat(in(findings, State.OK))
                .hasSameSizeAs(findings)
                .contains(Check.REACHABLE, Check.WRITE, Check.CHECKSUM, Check.CLOCK, Check.LIFECYCLE, Check.SPACE);
        try (Stream<Path> left = Files.walk(directory)) {
            assertThat(left.filter(path -> !path.equals(directory)))
                    .as("all but the folder of unfinished files")
                    .extracting(path -> path.getFileName().toString())
                    .containsExactly(".firedrill-tmp");
        }
        assertThat(in(found(at(directory), InstantSource.system(), true), State.FAIL))
                .containsExactly(Check.LOCK);
        assertThat(in(found(at(directory), InstantSource.fixed(Instant.EPOCH), false), State.FAIL))
                .containsExactly(Check.CLOCK);
    }

    @Test
    void aFileIsNoStoreAndADiskThatIsFullOrReadOnlyIsNamed() throws IOException {
        List<Finding> file = found(at(Files.createFile(directory.resolve("file"))));
        assertThat(in(file, State.FAIL)).containsExactly(Check.REACHABLE);
        assertThat(in(file, State.SKIPPED)).contains(Check.WRITE, Check.CHECKSUM, Check.CLOCK);
        Path disk = Files.createDirectories(directory.resolve("disk"));
        try (var mount = new Mount(disk, "size=32m")) {
            assumeTrue(mount.isThere(), "a full and a read-only store: not tested, only root can mount a disk");
            assertThat(in(found(at(disk)), State.FAIL)).containsExactly(Check.SPACE);
            mount.remountReadOnly();
            assertThat(in(found(at(disk)), State.FAIL)).contains(Check.WRITE);
        }
    }

    @Test
    void aBucketIsTriedAndLeftAsItWas() {
        Optional<StoreSettings> bucket = S3Server.freshBucket();
        assumeTrue(bucket.isPresent(), S3Server.unchecked("what the doctor says of an S3 store"));
        List<Finding> findings = found(bucket.orElseThrow());
        assertThat(in(findings, State.OK))
                .hasSameSizeAs(findings)
                .contains(Check.LOCK, Check.LIFECYCLE, Check.VERSIONS, Check.DELETE);
        try (var s3 = S3Server.client(bucket.orElseThrow())) {
            assertThat(s3.listObjectsV2(list ->
                                    list.bucket(bucket.orElseThrow().url().substring(5)))
                            .contents())
                    .isEmpty();
        }
        assertThat(in(found(bucket.orElseThrow(), InstantSource.system(), true), State.FAIL))
                .containsExactly(Check.LOCK);
    }

    @Test
    void aBucketThatLocksIsTriedWithAnObjectThatIsLockedForMinutes() {
        Optional<StoreSettings> bucket = S3Server.lockedBucket();
        assumeTrue(bucket.isPresent(), S3Server.unchecked("what the doctor says of Object Lock"));
        List<Finding> findings = found(bucket.orElseThrow(), InstantSource.system(), true);
        assertThat(findings)
                .filteredOn(each -> each.check() == Check.LOCK)
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.state()).isEqualTo(State.OK);
                    assertThat(each.seen()).contains("-locked is locked until", "by the store's word");
                });
    }

    /** Whoever answers everything with "done" has no conditional writes; no real server that can be had is like that. */
    @Test
    void aStoreThatOverwritesAndTakesEverythingIsNamed() {
        try (var careless =
                new RecordingServer().answering(200, "<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>")) {
            assertThat(in(found(at(careless)), State.FAIL)).contains(Check.WRITE, Check.CHECKSUM);
        }
    }

    @Test
    void whatMayNotBeLookedAtIsSkippedUnlessItIsNeeded() {
        try (var denying = new RecordingServer().answering(403, "<Error><Code>AccessDenied</Code></Error>")) {
            List<Finding> findings = found(at(denying));
            assertThat(in(findings, State.FAIL)).containsExactly(Check.REACHABLE);
            assertThat(in(findings, State.SKIPPED)).contains(Check.WRITE);
        }
    }
}
