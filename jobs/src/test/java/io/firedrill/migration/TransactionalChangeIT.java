package io.firedrill.migration;

import static io.firedrill.migration.SampleRehearsal.DATABASE;
import static io.firedrill.migration.SampleRehearsal.property;
import static io.firedrill.migration.SampleRehearsal.requireProven;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.job.StagingStage;
import io.firedrill.migration.CrashTrial.Crash;
import io.firedrill.migration.Cut.Mode;
import io.firedrill.staging.StagingServer;
import io.firedrill.testing.MongockSample;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change that Mongock runs in one transaction with its row, and that could not run a second time without it. */
class TransactionalChangeIT {
    private static final RehearsalOptions QUICK = SampleRehearsal.options(false, Duration.ofMinutes(1), Map.of());

    @TempDir
    private Path directory;

    private MigrationSource houseAccount() {
        return SampleRehearsal.changeUnit(directory.resolve("made"), "com/acme/good/AddHouseAccount.java");
    }

    @Test
    void itsWorkAndItsRowComeTogetherSoNoCrashLeavesTheOneWithoutTheOther() {
        OfChange change = SampleRehearsal.rehearsed(directory, houseAccount(), QUICK)
                .changes()
                .getFirst();
        requireProven(change, SampleRehearsal.QUICK);
        assertThat(property(change, Property.RERUN_SAFE).detail()).contains("in one transaction");
    }

    /** The server would end the transaction after a minute; a successor that meets it before that fails. */
    @Test
    void whatADeadRunnerHadBegunDoesNotStandInItsSuccessorsWay() {
        MigrationSource source = houseAccount();
        try (StagingServer server = StagingServer.start(System.getenv("FIREDRILL_MONGOD"), directory, 0, "6.0")) {
            StagingStage stage = StagingStage.on(server);
            var rehearsing = new Rehearsing(
                    source,
                    source.runner(RunTools.usual(MongockSample.shipped())),
                    stage,
                    DATABASE,
                    QUICK,
                    new Rehearsing.Watch(InstantSource.system(), System::nanoTime, 2, () -> {}));
            Change change = rehearsing.pending().getFirst();
            var trial = new CrashTrial(rehearsing.subject(change));
            Crash crash = trial.crash(new Cut(Mode.KILL_BEFORE, WriteKind.DATA, 2));
            assertThat(crash.notTested()).isEmpty();
            assertThat(openTransactions(stage)).isEqualTo(1);
            rehearsing.unlock();
            assertThat(openTransactions(stage)).isZero();
            RunEnd end = trial.resume(crash).ended().end();
            assertThat(end.code()).as(end.text()).isZero();
            assertThat(rehearsing.isApplied(change)).isTrue();
            try (MongoClient client = MongoClients.create(stage.uri())) {
                assertThat(client.getDatabase(DATABASE)
                                .getCollection("customers")
                                .countDocuments(new Document("fullName", "house")))
                        .isEqualTo(1);
            }
        }
    }

    private static int openTransactions(StagingStage stage) {
        return stage.deployment()
                .run("admin", new BsonDocument("serverStatus", new BsonInt32(1)))
                .getDocument("transactions")
                .getNumber("currentOpen")
                .intValue();
    }
}
