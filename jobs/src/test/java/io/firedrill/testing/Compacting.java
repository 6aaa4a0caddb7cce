package io.firedrill.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.BackupId;
import io.firedrill.archive.Manifest;
import io.firedrill.evidence.Outcome;
import io.firedrill.oplog.RecoveryTarget;
import io.firedrill.staging.StagingServer;
import io.firedrill.testing.Recovery.Ended;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;

/** Compacts for tests, in a mongod of our own as the command does. */
public final class Compacting {
    private final Recovery recovery;
    private final Path room;

    /**
     * @param room where the mongod has its files
     */
    public Compacting(Recovery recovery, Path room) {
        this.recovery = recovery;
        this.room = room;
    }

    /** How a run ended, and the id that it gave to what it was to make. */
    public record Compacted(Ended ended, Optional<BackupId> id) {}

    public Compacted run(RecoveryTarget moment) {
        List<BackupId> ids = new ArrayList<>();
        try (StagingServer copy = StagingServer.start(System.getenv("FIREDRILL_MONGOD"), room, 0, "6.0")) {
            Ended ended = recovery.compact(copy.deployment(), moment, ids::add);
            requireNothingExpired(copy, ended);
            return new Compacted(ended, ids.stream().findFirst());
        }
    }

    /** Until the copy is gone nothing may go from it: the source had what has expired since. */
    private static void requireNothingExpired(StagingServer copy, Ended ended) {
        if (ended.failure() == null) {
            BsonDocument parameter = copy.deployment()
                    .run("admin", BsonDocument.parse("{getParameter: 1, ttlMonitorEnabled: 1, logLevel: 1}"));
            boolean loaded = ended.record().backupId().isPresent();
            assertThat(parameter.getBoolean("ttlMonitorEnabled").getValue())
                    .as("the TTL monitor of a copy that was loaded")
                    .isEqualTo(!loaded);
        }
    }

    /** One that has to come to its end. */
    public Manifest made(RecoveryTarget moment) {
        Compacted compacted = run(moment);
        assertThat(compacted.ended().failure()).isNull();
        assertThat(compacted.ended().record().outcome()).isEqualTo(Outcome.PASSED);
        BackupId id = compacted.id().orElseThrow();
        assertThat(compacted.ended().record().backupId()).contains(id.value());
        return recovery.catalog().manifest(id);
    }
}
