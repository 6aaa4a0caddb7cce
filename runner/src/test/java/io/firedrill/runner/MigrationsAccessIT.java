package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import io.firedrill.runner.RealCall.Told;
import io.firedrill.testing.CertificateAuthority;
import io.firedrill.testing.DocumentedRole;
import io.firedrill.testing.DocumentedRole.Removal;
import io.firedrill.testing.MongockSample;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.NodeSample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may list migrations, rehearse them, apply them and take them back: with the smallest roles, and what is told with less. */
class MigrationsAccessIT {
    private static final String BACKUP = "firedrillBackup";
    private static final String RESTORE = "firedrillRestore";
    private static final String CHANGE = "1-all.js";

    /** What Firedrill itself does there; all else is the tool's. */
    private static final Set<String> OURS = Set.of("appendOplogNote", "getParameter", "replSetGetConfig", "find");

    /** The commands that need an action of another name. */
    private static final Map<String, String> COMMANDS = Map.of(
            "createCollection",
            "create",
            "createIndex",
            "createIndexes",
            "dropCollection",
            "drop",
            "dropIndex",
            "dropIndexes",
            "remove",
            "delete");

    @TempDir
    static Path directory;

    private static CertificateAuthority authority;
    private static MongodServer source;
    private static MongodServer staging;
    private static MongoClient client;
    private static DocumentedRole apply;
    private static DocumentedRole list;
    private static NodeSample project;
    private static RealCall call;
    private static @Nullable Document ofStaging;

    /** With nobody's word for the source, and a staging that it may restore into: it asks neither. */
    @BeforeAll
    static void rehearse() throws Exception {
        authority = new CertificateAuthority(directory);
        source = MongodServer.guardedReplicaSet("orders", authority).atRest();
        staging = MongodServer.guardedReplicaSet("practice", authority).atRest();
        client = source.client();
        apply = DocumentedRole.of("firedrillMigrationsApply", "shop").make(source, RealCall.SECRET);
        list = DocumentedRole.of("firedrillMigrationsList", "shop").make(source, RealCall.SECRET);
        DocumentedRole.of(BACKUP).make(source, RealCall.SECRET);
        DocumentedRole.of(RESTORE).make(staging, RealCall.SECRET);
        project = project();
        fill();
        ofStaging = newestEntryOfStaging();
        call = new RealCall(directory)
                .with("FIREDRILL_STAGING_URI", RealCall.uri(staging, RESTORE))
                .with("FIREDRILL_STAGING_DIR", directory.resolve("room").toString())
                .with("FIREDRILL_MONGOD", System.getenv("FIREDRILL_MONGOD"));
        as(BACKUP).succeed("backup");
        call.with("FIREDRILL_SOURCE_URI", "").succeed(migrations("rehearse", "--quick"));
    }

    private static RealCall as(String user) {
        return call.with("FIREDRILL_SOURCE_URI", RealCall.uri(source, user));
    }

    private static @Nullable Document newestEntryOfStaging() {
        try (MongoClient there = staging.client()) {
            return there.getDatabase("local")
                    .getCollection("oplog.rs")
                    .find(Filters.and(Filters.ne("op", "n"), Filters.not(Filters.regex("ns", "^config\\."))))
                    .sort(new Document("$natural", -1))
                    .first();
        }
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
        as(apply.name());
    }

    private static void fill() {
        MongoDatabase shop = client.getDatabase("shop");
        shop.drop();
        shop.runCommand(
                Document.parse(
                        "{create: 'orders', validator: {n: {$exists: true}}, validationLevel: 'strict', validationAction: 'error'}"));
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
                  if ((await db.listCollections({ name: 'recent' }).toArray()).length === 0)
                    await db.createCollection('recent', { viewOn: 'orders', pipeline: [] });
                  await orders.updateMany({}, { $set: { v: 1 } });
                  await orders.createIndex({ v: 1 });
                  if ((await orders.indexes()).some((index) => index.name === 'n_1')) await orders.dropIndex('n_1');
                  await db.command({ collMod: 'orders', validator: { v: { $exists: true } } });
                  await db.collection('scratch').insertOne({ _id: 1 });
                  await db.collection('scratch').deleteOne({ _id: 1 });
                  await db.collection('scratch').drop();
                };
                exports.down = async (db) => {
                  const orders = db.collection('orders');
                  await db.command({ collMod: 'orders', validator: { n: { $exists: true } } });
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

    private static String[] takingBack() {
        return migrations("rollback", "--last", "--confirm", "orders", "--repaired", CHANGE + "=bears it");
    }

    @Test
    void aRehearsalNeedsNothingOfSourceAndStaging() {
        assertThat(newestEntryOfStaging())
                .as("what was written there")
                .isNotNull()
                .isEqualTo(ofStaging);
    }

    @Test
    void theDocumentedRoleIsEnoughToApplyAndToTakeBack() {
        String before = source.dbHash("shop");
        call.succeed(applying());
        assertThat(source.dbHash("shop")).isNotEqualTo(before);
        call.succeed(takingBack());
        assertThat(call.out()).startsWith("PASSED");
    }

    @Test
    void eachActionIsNeededAndWhoeverMissesItSaysSo() {
        List<Removal> removals = apply.removals();
        assertThat(removals).hasSizeGreaterThanOrEqualTo(14);
        for (Removal removal : removals) {
            apply.take(source, removal);
            try {
                assertThatNoException().as(removal.toString()).isThrownBy(() -> requireTold(removal));
            } finally {
                apply.giveBack(source);
            }
            fill();
        }
    }

    private void requireTold(Removal removal) {
        as(apply.name());
        if (OURS.contains(removal.action())) {
            Told denied = call.fail(41, applying());
            assertThat(denied.message()).contains("source", "does not allow its user");
            assertThat(denied.hint()).contains("'" + removal.action() + "'");
        } else {
            requireExplained(removal.action(), "begun", call.fail(63, applying()));
        }
    }

    /** In the tool's own words, and by the list, which tells the same moment to go back to. */
    private void requireExplained(String action, String state, Told failed) {
        assertThat(failed.message())
                .contains("not authorized on shop to execute command { %s: "
                        .formatted(COMMANDS.getOrDefault(action, action)));
        String restore = failed.hint().replaceFirst(".*('firedrill restore --at [0-9,]+').*", "$1");
        as(list.name()).succeed(migrations("list", "--output", "json"));
        assertThat(call.out()).contains("'%s' was %s by run".formatted(CHANGE, state), restore);
        as(apply.name());
    }

    @Test
    void whatCannotBeTakenBackWithLessIsToldTheSameWay() {
        call.succeed(applying());
        apply.take(source, apply.removal("find"));
        assertThat(call.fail(41, takingBack()).hint()).contains("'find'");
        apply.take(source, apply.removal("dropIndex"));
        Told failed = call.fail(63, takingBack());
        apply.giveBack(source);
        requireExplained("dropIndex", "being taken back", failed);
        call.succeed(takingBack());
    }

    @Test
    void aListNeedsToReadAndSaysSo() {
        list.take(source, list.removal("find"));
        Told denied = as(list.name()).fail(41, migrations("list"));
        list.giveBack(source);
        assertThat(denied.message()).contains("does not allow its user: find on shop.changelog");
        assertThat(denied.hint()).contains("'find'");
        call.succeed(migrations("list"));
    }

    /** Its driver reads no files of certificates, and goes by those that Firedrill goes by all the same. */
    @Test
    void theRoleIsEnoughForMongockToo() throws Exception {
        Path sample = Documents.ROOT.resolve("docs/samples/migrations/mongock/src/com/acme/good/CountryWithIndex.java");
        String jar = MongockSample.jarOf(
                        directory.resolve("changes"),
                        Map.of("com/acme/good/CountryWithIndex.java", Files.readString(sample)))
                .toString();
        client.getDatabase("shop").getCollection("customers").insertOne(new Document("_id", 200));
        Desk desk = new Desk(directory.resolve("desk"), source, staging)
                .with("FIREDRILL_STAGING_DIR", directory.resolve("room").toString())
                .with("FIREDRILL_MONGOD", System.getenv("FIREDRILL_MONGOD"))
                .with("FIREDRILL_SOURCE_URI", RealCall.uri(source, BACKUP));
        desk.run("backup").ended(0);
        desk.run("migrations", "rehearse", "--jar", jar, "--database", "shop", "--quick")
                .ended(0);
        String as = RealCall.uri(source, apply.name());
        desk.with("FIREDRILL_SOURCE_URI", as + "&serverSelectionTimeoutMS=8000");
        // A key store of Java's own, and with it none of ours.
        Path java = Files.writeString(
                directory.resolve("java"),
                "#!/bin/sh\nexec '%s' %s \"$@\"\n"
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                authority.javaOptions().replace("trustStore", "keyStore")));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        String[] applying = {"apply", "--jar", jar, "--database", "shop", "--accept-quick", "--confirm", "orders"};
        assertThat(migrations(desk, applying, "--java", java.toString())
                        .ended(63)
                        .err())
                .contains("no TLS with the server: javax.net.ssl.SSLHandshakeException", "PKIX path building failed");
        desk.with("FIREDRILL_SOURCE_URI", as);
        migrations(desk, applying, "--repaired", "country-index=it wrote nothing")
                .ended(0);
        String[] back = {"rollback", "--jar", jar, "--database", "shop", "--last", "--confirm", "orders"};
        migrations(desk, back).ended(0);
    }

    private static Desk.Answer migrations(Desk desk, String[] words, String... more) {
        return desk.run(Stream.of(new String[] {"migrations"}, words, more)
                .flatMap(Stream::of)
                .toArray(String[]::new));
    }
}
