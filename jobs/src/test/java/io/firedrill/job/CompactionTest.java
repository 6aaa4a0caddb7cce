package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.archive.BackupId;
import io.firedrill.archive.Digests;
import io.firedrill.archive.Synthetic;
import io.firedrill.evidence.Clocks;
import io.firedrill.evidence.Objectives;
import io.firedrill.evidence.Progress;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunStart;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.RecoveryPlanner;
import io.firedrill.oplog.RecoveryTarget;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.HandmadeArchive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a compaction finds out before it starts anything, on an archive of entries that are made up. */
class CompactionTest {
    private static final OpTime BASE = new OpTime(100, 1);

    @TempDir
    private Path directory;

    private ObjectStore store;
    private HandmadeArchive archive;
    private BackupId base;
    private List<BsonDocument> entries;

    @BeforeEach
    void aBackup() {
        store = ObjectStores.directory(directory);
        archive = new HandmadeArchive(store);
        base = archive.backup(1, BASE, "set");
        entries = new ArrayList<>(HandmadeArchive.noops(90, 99));
        entries.add(HandmadeArchive.fence(100, base));
    }

    /** All of it in one link, and then looked at. */
    private Compaction compaction(RecoveryTarget to) {
        archive.links(archive.timeline(1, new OpTime(90, 1), "set"), entries, 1_000);
        return again(to);
    }

    private Compaction again(RecoveryTarget to) {
        var start = new RunStart("r", RunKind.COMPACT, "manual", "tester", "test", "here", Map.of(), Objectives.NONE);
        RunLog log = RunLog.begin(store, Clocks.system(), start);
        var run = new StepRun(log, Progress.NONE, 1, () -> {}, () -> false);
        return new Compaction(
                archive.catalog(), new RecoveryPlanner(archive.catalog(), () -> 1).plan(to, Optional.empty()), run);
    }

    private Failure refused(RecoveryTarget to) {
        Compaction compaction = compaction(to);
        return catchThrowableOfType(Failure.class, () -> compaction.look(7));
    }

    private static BsonDocument command(int second, String object) {
        return HandmadeArchive.entry(second, 1, "c", "admin.$cmd", object).append("txnNumber", new BsonInt64(5));
    }

    @Test
    void whatIsMadeSortsByWhatItShows() {
        entries.addAll(HandmadeArchive.noops(101, 120));
        Compaction compaction = compaction(new RecoveryTarget.Latest());
        BackupId id = compaction.look(7).orElseThrow();

        assertThat(id).isEqualTo(base.next(compaction.reached().instant(), 7)).isGreaterThan(base);
        assertThat(compaction.reached()).isEqualTo(new OpTime(120, 1));
        assertThat(compaction.entries()).isEqualTo(20);
        assertThat(compaction.slices()).isEqualTo(1);
        assertThat(compaction.bytes()).isPositive();
    }

    @Test
    void aMomentWithoutAnEntrySinceTheBackupNeedsNoOther() {
        entries.addAll(HandmadeArchive.noops(110, 120));
        assertThat(compaction(new RecoveryTarget.At(new OpTime(105, 3))).look(7))
                .isEmpty();
    }

    @Test
    void theSourcesVersionMustBeWhatTheBaseSaysItWas() {
        entries.add(HandmadeArchive.entry(101, 1, "u", "admin.system.version", "{$v: 2, diff: {}}")
                .append("o2", BsonDocument.parse("{_id: 'featureCompatibilityVersion'}")));
        Failure failure = refused(new RecoveryTarget.Latest());
        assertThat(failure.kind()).isEqualTo(FailureKind.SOURCE_UNSUITABLE);
        assertThat(failure.text()).contains("feature compatibility version was changed at 101,1");
    }

    @Test
    void aTransactionThatIsPreparedThenIsNoMomentToKeep() {
        entries.add(command(101, "{applyOps: [], prepare: true}"));
        Failure failure = refused(new RecoveryTarget.Latest());
        assertThat(failure.kind()).isEqualTo(FailureKind.SOURCE_UNSUITABLE);
        assertThat(failure.text()).contains("prepared at 101,1 is not decided at 101,1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{abortTransaction: 1}", "{commitTransaction: 1, commitTimestamp: {$timestamp: {t: 101, i: 1}}}"
            })
    void oneThatIsDecidedByThenIs(String end) {
        entries.add(command(101, "{applyOps: [], prepare: true}"));
        BsonDocument before = BsonDocument.parse("{ts: {$timestamp: {t: 101, i: 1}}, t: {$numberLong: '1'}}");
        entries.add(command(102, end).append("prevOpTime", before));
        assertThat(compaction(new RecoveryTarget.Latest()).look(7)).isPresent();
    }

    @Test
    void aMomentWithinAnothersReadingWouldSortBehindIt() {
        entries.addAll(HandmadeArchive.noops(101, 119));
        BackupId later = archive.backup(2, new OpTime(120, 1), "set");
        entries.add(HandmadeArchive.fence(120, later));
        Failure failure = refused(new RecoveryTarget.At(new OpTime(110, 1)));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text()).contains("at 110,1 backup " + later + " was being read, which shows 120,1");
    }

    @Test
    void aSyntheticBaseIsKnownByTheEntryThatItEndsWith() {
        entries.addAll(HandmadeArchive.noops(101, 120));
        BsonDocument last = entries.get(entries.size() - 10);
        OpTime at = OpTime.of(last.getTimestamp("ts"));
        BackupId synthetic = archive.backup(2, at, "set", Optional.of(synthetic(last)));
        Compaction compaction = compaction(new RecoveryTarget.Latest());

        assertThat(compaction.look(7)).isPresent();
        assertThat(compaction.entries()).isEqualTo(9);
        assertThat(archive.catalog().manifest(synthetic).synthetic()).contains(synthetic(last));
        assertThat(archive.catalog().plan(synthetic).orElseThrow().synthetic()).contains(synthetic(last));
    }

    @Test
    void anArchiveWithAnotherEntryThereIsOfAnotherHistory() {
        entries.addAll(HandmadeArchive.noops(101, 120));
        BsonDocument last = entries.getLast().clone();
        last.append("wall", new BsonInt64(1));
        BackupId synthetic = archive.backup(2, new OpTime(115, 1), "set", Optional.of(synthetic(last)));
        Failure failure = refused(new RecoveryTarget.Latest());
        assertThat(failure.kind()).isEqualTo(FailureKind.TARGET_UNREACHABLE);
        assertThat(failure.text())
                .contains(
                        "does not hold the entry that backup " + synthetic + " ends with at 115,1", "another history");
    }

    private Synthetic synthetic(BsonDocument lastEntry) {
        var raw = new RawBsonDocument(lastEntry, new BsonDocumentCodec())
                .getByteBuffer()
                .asNIO();
        var bytes = new byte[raw.remaining()];
        raw.get(bytes);
        return new Synthetic(base, BASE, 1, 11, Digests.sha256Hex(bytes), "seal");
    }
}
