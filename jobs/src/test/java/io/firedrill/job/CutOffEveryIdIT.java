package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.evidence.Outcome;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.Kind;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A restore of ids of every type is cut off when a unit lies in the target and is not yet marked as done. */
class CutOffEveryIdIT {
    private static final String DATABASE = Kind.EVERY_ID.databases().getFirst();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"ids", "cut"})
    void itGoesOnAndIsProven(String collection) {
        try (MongodServer source = MongodServer.replicaSet("source");
                MongodServer staging = MongodServer.replicaSet("staging");
                MongoClient from = source.client();
                MongoClient to = staging.client();
                Deployment target = staging.deployment("staging");
                Deployment deployment = source.deployment("source");
                var recovery = new Recovery(ObjectStores.directory(directory.resolve(collection)))) {
            Kind.EVERY_ID.make(from);
            recovery.backup(deployment, 1);
            recovery.stopWhen(
                    () -> to.getDatabase(DATABASE).getCollection(collection).estimatedDocumentCount() > 0);
            Ended cut = recovery.restore(target, "latest", "r1");

            assertThat(Failure.in(cut.failure()).map(Failure::kind)).contains(FailureKind.ABORTED);
            assertThat(new StagingMarker(target).read().orElseThrow().state()).isEqualTo(StagingMarker.State.LOADING);

            recovery.stopWhen(() -> false);
            Ended ended = recovery.restore(target, "latest", "r1");

            assertThat(ended.failure()).isNull();
            assertThat(ended.record().outcome()).isEqualTo(Outcome.PASSED);
            assertThat(staging.dbHash(DATABASE)).isEqualTo(source.dbHash(DATABASE));
        }
    }
}
