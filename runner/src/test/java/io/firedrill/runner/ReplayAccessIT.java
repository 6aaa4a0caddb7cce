package io.firedrill.runner;

import static com.mongodb.client.model.Filters.eq;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Updates;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.Deployment;
import io.firedrill.runner.RealCall.Told;
import io.firedrill.testing.CertificateAuthority;
import io.firedrill.testing.DocumentedRole;
import io.firedrill.testing.DocumentedRole.Removal;
import io.firedrill.testing.MongodServer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may restore to a moment: an oplog says of anything that it was created, changed and dropped, and no more is allowed than that. */
class ReplayAccessIT {
    private static final String ARCHIVE = "firedrillArchive";
    private static final String BACKUP = "firedrillBackup";
    private static final String REPLAY = "firedrillReplay";

    @TempDir
    static Path directory;

    private static MongodServer source;
    private static MongodServer staging;
    private static DocumentedRole replay;
    private static RealCall call;

    @BeforeAll
    static void archiveSomeHistory() throws Exception {
        var authority = new CertificateAuthority(directory);
        source = MongodServer.guardedReplicaSet("orders", authority);
        staging = MongodServer.guardedReplicaSet("practice", authority);
        DocumentedRole.of(BACKUP).make(source, RealCall.SECRET);
        DocumentedRole.of(ARCHIVE).make(source, RealCall.SECRET);
        replay = DocumentedRole.of(REPLAY).make(staging, RealCall.SECRET);
        call = new RealCall(directory)
                .with("FIREDRILL_STAGING_URI", RealCall.uri(staging, REPLAY))
                .with("FIREDRILL_READ_FROM", "primary");
        try (MongoClient client = source.client()) {
            before(client.getDatabase("shop"), client.getDatabase("gone"));
            as(ARCHIVE).succeed("oplog", "archive", "--once");
            as(BACKUP).succeed("backup");
            after(client.getDatabase("shop"), client.getDatabase("gone"));
            as(ARCHIVE).succeed("oplog", "archive", "--once");
        }
    }

    private static RealCall as(String user) {
        return call.with("FIREDRILL_SOURCE_URI", RealCall.uri(source, user));
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
    }

    private static void run(MongoDatabase database, String command) {
        database.runCommand(Document.parse(command));
    }

    private static void before(MongoDatabase shop, MongoDatabase gone) {
        shop.getCollection("orders")
                .insertMany(IntStream.range(0, 9)
                        .mapToObj(i -> new Document("_id", i).append("n", i))
                        .toList());
        shop.getCollection("orders").createIndex(new Document("n", 1));
        run(shop, "{create: 'weather', timeseries: {timeField: 't', metaField: 'm'}}");
        run(shop, "{create: 'recent', viewOn: 'orders', pipeline: [{$match: {n: {$gt: 5}}}]}");
        run(shop, "{create: 'old', viewOn: 'orders', pipeline: []}");
        measure(shop, 1);
        shop.getCollection("system.js").insertOne(new Document("_id", "f").append("value", "no function"));
        gone.getCollection("system.js").insertOne(new Document("_id", "f").append("value", "no function"));
    }

    private static void measure(MongoDatabase shop, int minute) {
        shop.getCollection("weather")
                .insertOne(Document.parse(
                        "{t: {$date: '2026-01-01T00:0%d:00Z'}, m: %d, v: 2}".formatted(minute, minute % 2)));
    }

    private static void after(MongoDatabase shop, MongoDatabase gone) {
        shop.getCollection("orders").insertOne(new Document("_id", "new").append("t", new BsonTimestamp(0, 0)));
        shop.getCollection("orders").updateOne(eq("_id", 1), Updates.inc("n", 1));
        shop.getCollection("orders").deleteOne(eq("_id", 2));
        run(shop, "{create: 'ring', capped: true, size: 4096}");
        run(shop, "{create: 'made', validator: {n: {$gte: 0}}}");
        run(shop, "{collMod: 'made', validator: {n: {$gte: 1}}}");
        shop.getCollection("made").createIndex(new Document("n", 1));
        shop.getCollection("brief").insertOne(new Document("_id", 1));
        shop.getCollection("brief").drop();
        measure(shop, 2);
        measure(shop, 3);
        shop.getCollection("weather").deleteMany(eq("m", 0));
        run(shop, "{collMod: 'weather', timeseries: {granularity: 'minutes'}}");
        shop.getCollection("weather").createIndex(new Document("m", 1));
        run(shop, "{create: 'wind', timeseries: {timeField: 't'}}");
        shop.getCollection("wind").drop();
        shop.getCollection("system.js").insertOne(new Document("_id", "g").append("value", "no function"));
        shop.getCollection("system.js").updateOne(eq("_id", "g"), Updates.set("value", "still none"));
        shop.getCollection("system.js").deleteOne(eq("_id", "f"));
        run(shop, "{create: 'seen', viewOn: 'orders', pipeline: []}");
        run(shop, "{collMod: 'recent', viewOn: 'orders', pipeline: []}");
        shop.getCollection("old").drop();
        run(gone, "{create: 'view', viewOn: 'none', pipeline: []}");
        gone.drop();
    }

    @Test
    void theDocumentedRoleIsEnoughForARestoreToAMoment() {
        call.succeed("restore", "--at", "latest", "--confirm", "practice");
        assertThat(call.out()).contains("PROVEN", "base digests + strict replay");
        assertThat(staging.dbHash("shop")).isEqualTo(source.dbHash("shop"));
        call.succeed("staging", "clean", "--confirm", "practice");
        call.succeed("drill", "--at", "latest", "--confirm", "practice");
    }

    /** Its user ends the transactions that the first attempt left open, for which a server asks no privilege of their owner. */
    @Test
    void aReplayThatWasDeniedGoesOnWhereItStoppedOnceItIsAllowed() {
        replay.take(staging, replay.removal("remove"));
        call.fail(41, "restore", "--at", "latest", "--confirm", "practice");
        replay.giveBack(staging);
        call.succeed("restore", "--at", "latest", "--confirm", "practice");
        assertThat(new Desk(directory, source, staging)
                        .lastRecord()
                        .at("/notes/resumed")
                        .asString())
                .contains("an attempt that was cut off");
        assertThat(staging.dbHash("shop")).isEqualTo(source.dbHash("shop"));
        call.succeed("staging", "clean", "--confirm", "practice");
    }

    /** But for Firedrill's own marker, whose needs would hide those of what is restored. */
    @Test
    void itNeedsEveryActionOfItsRoleAndNamesTheOneThatIsMissing() {
        List<Removal> removals = replay.removals();
        assertThat(removals).hasSizeGreaterThanOrEqualTo(38);
        try (Deployment administrators = staging.deployment("staging")) {
            for (Removal removal : removals) {
                replay.take(staging, removal.but(CatalogReader.OWN_DATABASE));
                assertThatNoException().as(removal.toString()).isThrownBy(() -> requireDenied(removal.action()));
                Leftovers.clean(administrators, removal);
            }
        } finally {
            replay.giveBack(staging);
        }
    }

    private static void requireDenied(String action) {
        Told denied = call.fail(41, "drill", "--at", "latest", "--confirm", "practice");
        assertThat(denied.message()).contains("staging", "does not allow its user");
        assertThat(denied.hint()).contains("'" + action + "'");
    }
}
