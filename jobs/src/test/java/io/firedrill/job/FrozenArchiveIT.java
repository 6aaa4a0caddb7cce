package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.mongo.Deployment;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.FrozenArchive;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archive format 1 stays restorable for ever. */
class FrozenArchiveIT {
    @Test
    void aBackupMadeLongAgoComesBackWithTheServersOwnDigestOfThen(@TempDir Path directory) throws IOException {
        try (ObjectStore store = ObjectStores.directory(FrozenArchive.copyTo(directory));
                MongodServer server = MongodServer.replicaSet("staging");
                Deployment staging = server.deployment("staging");
                var recovery = new Recovery(store)) {
            Ended ended = recovery.restore(staging, "latest", "r1");
            assertThat(ended.failure()).isNull();
            assertThat(server.dbHash(FrozenArchive.DATABASE)).isEqualTo(FrozenArchive.DB_HASH);
        }
    }
}
