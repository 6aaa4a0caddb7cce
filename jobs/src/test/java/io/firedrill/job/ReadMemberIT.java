package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import io.firedrill.backup.ReadGate;
import io.firedrill.evidence.Clocks;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.mongo.ReadFrom;
import io.firedrill.mongo.ReadMember;
import io.firedrill.mongo.ServerLoad;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MemberSet;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which member of a real replica set of three a backup reads from. */
class ReadMemberIT {
    private static final int DOCUMENTS = 3_000;

    private static MemberSet set;
    private static MongodServer staging;
    private static Deployment source;

    @BeforeAll
    static void start() {
        set = new MemberSet("orders", 3);
        staging = MongodServer.replicaSet("practice");
        source = set.deployment();
        try (MongoClient client = set.client(0)) {
            client.getDatabase("shop")
                    .getCollection("orders")
                    .insertMany(IntStream.range(0, DOCUMENTS)
                            .mapToObj(i -> new Document("_id", i).append("text", "order number " + i))
                            .toList());
        }
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
        set.close();
    }

    @AfterEach
    void replicateAgain() {
        for (int i = 1; i < 3; i++) {
            replication(i, "off");
        }
    }

    private static Deployment member(String host) {
        return Deployments.connectToMember(set.uri(), "source member", host);
    }

    private static void replication(int member, String stop) {
        try (MongoClient client = set.client(member)) {
            client.getDatabase("admin")
                    .runCommand(new Document("configureFailPoint", "rsSyncApplyStop").append("mode", stop));
        }
    }

    @Test
    void aBackupReadsItsDocumentsFromASecondaryAndNoneFromThePrimary(@TempDir Path directory) {
        try (var store = ObjectStores.directory(directory);
                var recovery = new Recovery(store);
                Deployment target = staging.deployment("staging");
                ReadMember chosen = ReadMember.choose(source, ReadFrom.SECONDARY, ReadMemberIT::member)) {
            assertThat(chosen.description()).matches("127.0.0.1:\\d+, a secondary \\d s behind");
            int secondary = chosen.description().startsWith(set.host(1)) ? 1 : 2;
            long ofPrimary = set.documentsReturned(0);
            long ofSecondary = set.documentsReturned(secondary);

            recovery.reading(chosen.deployment(), new ReadGate(2, 0, System::nanoTime))
                    .backup(source, 1);

            assertThat(set.documentsReturned(secondary) - ofSecondary).isGreaterThanOrEqualTo(DOCUMENTS);
            assertThat(set.documentsReturned(0) - ofPrimary).isLessThan(DOCUMENTS);
            assertThat(recovery.restore(target, "latest", "restore-1").failure())
                    .isNull();
            assertThat(staging.dbHash("shop")).isEqualTo(set.member(0).dbHash("shop"));
        }
    }

    @Test
    void aSecondaryWhoseReplicationStandsStillIsPassedOver() {
        replication(1, "alwaysOn");
        writeAnHourFromNow();
        try (ReadMember chosen = ReadMember.choose(source, ReadFrom.SECONDARY, ReadMemberIT::member)) {
            assertThat(chosen.description()).startsWith(set.host(2));
        }
    }

    @Test
    void aMemberThatDoesNotCatchUpEndsTheBackupInsteadOfHoldingItForEver() {
        replication(1, "alwaysOn");
        try (Deployment halted = member(set.host(1))) {
            assertThatThrownBy(() -> halted.await(source.fence("ahead"), Duration.ofMillis(500)))
                    .isInstanceOfSatisfying(Failure.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
                        assertThat(failure.getMessage()).contains("did not catch up");
                    });
        }
    }

    /** The cluster's clock is the highest time that anybody has told it: a way to be behind without waiting. */
    private static void writeAnHourFromNow() {
        try (MongoClient client = set.client(0);
                ClientSession session = client.startSession()) {
            int now = (int) Instant.now().getEpochSecond();
            var signature = new BsonDocument("hash", new BsonBinary(new byte[20])).append("keyId", new BsonInt64(0));
            session.advanceClusterTime(
                    new BsonDocument("clusterTime", new BsonTimestamp(now + 3_600, 1)).append("signature", signature));
            client.getDatabase("admin")
                    .runCommand(session, Document.parse("{appendOplogNote: 1, data: {late: 1}, writeConcern: {w: 2}}"));
        }
    }

    @Test
    void aMemberThatIsNamedIsRead() {
        try (ReadMember chosen = ReadMember.choose(source, ReadFrom.of(set.host(2)), ReadMemberIT::member)) {
            assertThat(chosen.description()).isEqualTo(set.host(2) + ", as demanded");
        }
    }

    @Test
    void aServerOfAnotherReplicaSetIsRefused() {
        ReadFrom foreign = ReadFrom.of("127.0.0.1:" + staging.port());
        assertThatThrownBy(() -> ReadMember.choose(source, foreign, ReadMemberIT::member))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.SOURCE_UNSUITABLE);
                    assertThat(failure.getMessage()).contains("is not a member of source");
                });
    }

    @Test
    void whereThereIsNoOtherMemberThePrimaryIsRead() {
        try (Deployment alone = staging.deployment("source");
                ReadMember chosen = ReadMember.choose(alone, ReadFrom.SECONDARY, ReadMemberIT::member)) {
            assertThat(chosen.deployment()).isSameAs(alone);
            assertThat(chosen.description()).isEqualTo("primary: there is no other member");
        }
    }

    @Test
    void aRealServerTellsItsLoad() {
        ServerLoad load = ServerLoad.of(source);
        assertThat(load.writes()).isPositive();
        assertThat(load.writeMicros()).isPositive();
        assertThat(load.cacheDirty()).isBetween(0.0, 1.0);
        assertThat(load.readTickets()).isGreaterThan(0.5);
    }

    @Test
    void aReadLimitIsKept(@TempDir Path directory) {
        Clocks clocks = Clocks.system();
        try (var store = ObjectStores.directory(directory);
                var recovery = new Recovery(store)) {
            long begun = clocks.nanos();
            long bytes = recovery.reading(source, new ReadGate(2, 100_000, clocks.ticker()))
                    .backup(source, 1)
                    .totals()
                    .bytesRaw();
            double seconds = (clocks.nanos() - begun) / 1e9;
            assertThat(seconds).isGreaterThanOrEqualTo(bytes / 100_000.0);
        }
    }
}
