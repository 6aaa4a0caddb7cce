package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.firedrill.testing.CertificateAuthority;
import io.firedrill.testing.DocumentedRole;
import io.firedrill.testing.DocumentedRole.Removal;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.NodeSample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may rehearse migrations, apply them and take them back: with the smallest roles, and what is told with less. */
class MigrationsAccessIT {
    private static final String APPLY = "firedrillMigrationsApply";
    private static final String BACKUP = "firedrillBackup";
    private static final String RESTORE = "firedrillRestore";
    private static final String CHANGE = "1-all.js";

    @TempDir
    static Path directory;

    private static MongodServer source;
    private static MongodServer staging;
    private static MongoClient client;
    private static DocumentedRole apply;
    private static NodeSample project;

    private static RealCall call;

    @BeforeAll
    static void rehearse() throws Exception {
        var authority = new CertificateAuthority(directory);
        source = MongodServer.guardedReplicaSet("orders", authority);
        staging = MongodServer.guardedReplicaSet("practice", authority);
        client = source.client();
        DocumentedRole.of(BACKUP).make(source, RealCall.SECRET);
        apply = DocumentedRole.of(APPLY, "shop").make(source, RealCall.SECRET);
        DocumentedRole.of(RESTORE).make(staging, RealCall.SECRET);
        project = project();
        fill();
        call = new RealCall(directory)
                .with("FIREDRILL_SOURCE_URI", uri(source, BACKUP))
                .with("FIREDRILL_STAGING_URI", uri(staging, RESTORE))
                .with("FIREDRILL_STAGING_DIR", directory.resolve("room").toString())
                .with("FIREDRILL_MONGOD", System.getenv("FIREDRILL_MONGOD"));
        long t = System.nanoTime();
        call.succeed("backup");
        System.out.println("backup " + (System.nanoTime() - t) / 1_000_000);
        call.with("FIREDRILL_SOURCE_URI", "").succeed(migrations("rehearse", "--quick"));
        System.out.println("rehearsed " + (System.nanoTime() - t) / 1_000_000);
        call.with("FIREDRILL_SOURCE_URI", uri(source, APPLY));
    }

    private static String uri(MongodServer server, String user) {
        return server.uri(user + ":" + RealCall.SECRET + "@");
    }

    @AfterAll
    static void stop() {
        client.close();
        source.close();
        staging.close();
    }

    /** As it was when it was rehearsed. */
    @BeforeEach
    void fillAgain() {
        fill();
    }

    private static void fill() {
        MongoDatabase shop = client.getDatabase("shop");
        shop.drop();
        shop.getCollection("orders")
                .insertMany(IntStream.range(0, 20)
                        .mapToObj(i -> new Document("_id", i).append("n", i))
                        .toList());
        shop.getCollection("orders").createIndex(new Document("n", 1));
    }

    /** One change that does something for each action of the role. */
    private static NodeSample project() {
        return new NodeSample("access", """
                module.exports = {
                  mongodb: { url: 'mongodb://127.0.0.1:1', databaseName: 'shop' }, migrationsDir: 'migrations',
                  changelogCollectionName: 'changelog', lockCollectionName: 'changelog_lock', lockTtl: 0,
                  migrationFileExtension: '.js', useFileHash: false, moduleSystem: 'commonjs',
                };
                """).write("migrations/" + CHANGE, """
                exports.up = async (db) => {
                  const orders = db.collection('orders');
                  if ((await db.listCollections({ name: 'orders' }).toArray()).length !== 1) throw new Error('no orders');
                  if ((await orders.indexes()).length !== 2) throw new Error('no index');
                  await db.createCollection('recent', { viewOn: 'orders', pipeline: [] });
                  await orders.updateMany({}, { $set: { v: 1 } });
                  await orders.createIndex({ v: 1 });
                  await orders.dropIndex('n_1');
                  await db.command({ collMod: 'orders', validator: { v: { $exists: true } } });
                  await db.collection('scratch').insertOne({ _id: 1 });
                  await db.collection('scratch').deleteOne({ _id: 1 });
                  await db.collection('scratch').drop();
                };
                exports.down = async (db) => {
                  const orders = db.collection('orders');
                  await db.command({ collMod: 'orders', validator: {}, validationLevel: 'off' });
                  await orders.createIndex({ n: 1 });
                  await orders.dropIndex('v_1');
                  await orders.updateMany({}, { $unset: { v: '' } });
                  await db.collection('recent').drop();
                };
                """);
    }

    private static String[] migrations(String verb, String... more) {
        return Stream.concat(
                        Stream.of(
                                "migrations",
                                verb,
                                "--project",
                                project.directory().toString()),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private static String[] applying() {
        return migrations("apply", "--accept-quick", "--confirm", "orders", "--repaired", CHANGE + "=filled again");
    }

    @Test
    void theDocumentedRoleIsEnoughToApplyAndToTakeBack() {
        call.succeed(migrations("apply", "--accept-quick", "--confirm", "orders"));
        call.succeed(migrations("rollback", "--last", "--confirm", "orders"));
    }

    @Test
    void eachActionIsNeededAndWhoeverMissesItSaysSo() {
        Map<Removal, String> told = new LinkedHashMap<>();
        try {
            for (Removal removal : apply.removals()) {
                apply.take(source, removal);
                long t = System.nanoTime();
                int code = call.run(applying());
                told.put(removal, code + " " + call.err().replaceAll("(?s).*error: ", "error: "));
                System.out.println((System.nanoTime() - t) / 1_000_000 + "ms " + removal + " -> " + told.get(removal));
                apply.giveBack(source);
                call.run(migrations("list"));
                System.out.println(call.out() + call.err());
                fill();
            }
        } finally {
            apply.giveBack(source);
        }
        assertThat(told).hasSizeGreaterThanOrEqualTo(14);
    }
}
