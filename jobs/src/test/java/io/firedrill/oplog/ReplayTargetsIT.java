package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.OplogSpan;
import io.firedrill.archive.SegmentStore;
import io.firedrill.mongo.OpTime;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.restore.StagingMarker.Mark;
import io.firedrill.restore.StagingMarker.State;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.EventfulHistory;
import io.firedrill.testing.Follower;
import io.firedrill.testing.LoadedCopy;
import io.firedrill.testing.Moments;
import io.firedrill.testing.MongoServers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A copy is replayed to moments of an eventful history, and must be what the source was then. What that was, another mongod
 * says, to which the source's raw entries were given one at a time. Whatever the copy has come to hold, cleaning finds it.
 */
class ReplayTargetsIT {
    /** As many as CI has time for; all 60 with {@code -Dfiredrill.targets=60}. */
    private static final int TARGETS = Integer.getInteger("firedrill.targets", 12);

    @TempDir
    private Path directory;

    @Test
    void aCopyIsWhatTheSourceWasAtEachMoment() {
        long seed = Long.getLong("firedrill.seed", System.nanoTime());
        try (MongoServers servers = MongoServers.started();
                var follower = Follower.oneByOne(servers.sourceServer());
                var history = new EventfulHistory(servers.sourceServer(), seed);
                ObjectStore store = ObjectStores.directory(directory)) {
            history.filled();
            LoadedCopy base = LoadedCopy.of(servers);
            history.happen(TARGETS > 20 ? 3 : 1);
            OpTime end = servers.source().fence("end");
            SegmentStore slices = new BackupCatalog(store, "source").oplog(LoadedCopy.ID);
            OplogSpan span = new OplogCapture(servers.source(), slices, 64 << 10, () -> {}).capture(base.at(), end);
            var moments = Moments.after(servers.sourceServer(), base.at());
            NavigableMap<OpTime, String> targets = moments.pick(TARGETS, new Random(seed));
            List<String> reached = new ArrayList<>();
            for (Map.Entry<OpTime, String> target : targets.entrySet()) {
                String which = "%s, %s, seed %d".formatted(target.getKey(), target.getValue(), seed);
                follower.advance(target.getKey());
                Replayed replayed = replay(servers, base, new OplogLog(slices, span), target.getKey());
                follower.assertEqual(servers.targetServer(), which);
                assertThat(replayed.entries()).as(which).isEqualTo(moments.count(target.getKey()));
                new StagingCleaner(servers.target(), new StagingMarker(servers.target())).clean();
                assertThat(servers.targetDatabases()).as(which).isEmpty();
                reached.add(target.getValue());
            }
            System.out.printf(
                    "replay targets: %d of %d equal to the reference, of %d entries in %d seconds: %s%n",
                    reached.size(),
                    targets.size(),
                    moments.count(end),
                    end.seconds() - base.at().seconds(),
                    reached);
            assertThat(reached).hasSize(TARGETS);
        }
    }

    private static Replayed replay(MongoServers servers, LoadedCopy base, OplogLog log, OpTime until) {
        var marker = new StagingMarker(servers.target());
        marker.write(new Mark("r1", "b1", "everything", State.LOADING, 0, false));
        base.load(servers);
        marker.replaying();
        ReplayScope scope = base.scope().telling(marker::creating);
        Replayed replayed =
                new OplogReplay(List.of(log), until, scope, () -> {}).into(servers.target(), 2, bytes -> {});
        scope.requireCounts(servers.target());
        base.index(scope);
        return replayed;
    }
}
