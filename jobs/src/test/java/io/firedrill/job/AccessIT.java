package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.evidence.Check;
import io.firedrill.evidence.Outcome;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.mongo.Namespace;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import io.firedrill.verify.AccessComparison;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users and roles on real servers; usersInfo and rolesInfo with credentials are the oracle. */
class AccessIT {
    private static final String ROW = "  %-22s %11s  %s";
    private static final List<String> MATRIX = Collections.synchronizedList(new ArrayList<>());

    private static MongodServer source;
    private static MongodServer target;
    private static Deployment from;

    @TempDir
    Path directory;

    private Deployment staging;
    private ObjectStore store;
    private Recovery recovery;

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("source");
        target = MongodServer.replicaSet("staging");
        from = source.deployment("source");
        try (MongoClient client = source.client()) {
            client.getDatabase("shop").getCollection("c").insertOne(new Document("_id", 1));
            run(
                    client,
                    "shop",
                    "{createRole: 'reader', privileges: [{resource: {db: 'shop', collection: ''}, actions:"
                            + " ['find']}], roles: ['read'], authenticationRestrictions: [{clientSource: ['10.0.0.0/8']}]}");
            run(client, "admin", "{createRole: 'above', privileges: [], roles: [{role: 'reader', db: 'shop'}]}");
            run(client, "admin", "{createUser: 'boss', pwd: 'p1', roles: ['root'], customData: {team: 'ops'}}");
            run(client, "shop", "{createUser: 'app', pwd: 'p2', roles: ['reader'], mechanisms: ['SCRAM-SHA-256']}");
            run(client, "$external", "{createUser: 'CN=someone', roles: [{role: 'above', db: 'admin'}]}");
        }
    }

    @AfterAll
    static void stop() throws IOException {
        from.close();
        source.close();
        target.close();
        Path file = Path.of("target", "matrices", "access.txt");
        Files.createDirectories(file.getParent());
        List<String> lines = new ArrayList<>(List.of(
                "  users and roles   source = restored, byte by byte (inherited lists sorted), by usersInfo and rolesInfo with credentials",
                ROW.formatted("", "of them", "equal")));
        lines.addAll(MATRIX);
        Files.write(file, lines);
    }

    private static String row(String what, Map<String, String> here, Map<String, String> there) {
        long equal = here.entrySet().stream()
                .filter(one -> one.getValue().equals(there.get(one.getKey())))
                .count();
        return ROW.formatted(what, here.size(), equal);
    }

    @BeforeEach
    void open() {
        staging = target.deployment("staging");
        store = ObjectStores.directory(directory.resolve("store"));
        recovery = new Recovery(store);
        recovery.backup(from, 1);
    }

    @AfterEach
    void clean() {
        var marker = new StagingMarker(staging);
        if (marker.read().isPresent()) {
            new StagingCleaner(staging, marker).clean();
        }
        try (MongoClient client = target.client()) {
            client.getDatabase("admin").getCollection("system.users").deleteMany(new Document());
            client.getDatabase("admin").getCollection("system.roles").deleteMany(new Document());
        }
        recovery.close();
        store.close();
        staging.close();
    }

    @Test
    void usersAndRolesComeBackWithTheirCredentials() {
        Ended ended = recovery.restoreWithUsers(staging, "latest", "r1");

        assertThat(ended.failure()).isNull();
        assertThat(ended.record().outcome()).isEqualTo(Outcome.PASSED);
        MATRIX.add(row("users", users(source), users(target)));
        MATRIX.add(row("roles", roles(source), roles(target)));
        assertThat(users(target)).hasSize(3).isEqualTo(users(source));
        assertThat(roles(target)).hasSize(2).isEqualTo(roles(source));
        try (MongoClient signedIn = com.mongodb.client.MongoClients.create(
                target.uri().replace("//", "//boss:p1@") + "&authSource=admin")) {
            assertThat(signedIn.getDatabase("shop").getCollection("c").countDocuments())
                    .isEqualTo(1);
        }
    }

    @Test
    void nobodyIsRestoredUnasked() {
        Ended restored = recovery.restore(staging, "latest", "r1");

        assertThat(restored.failure()).isNull();
        assertThat(users(target)).isEmpty();
        assertThat(roles(target)).isEmpty();
        assertThat(restored.record()
                        .json()
                        .path("verification")
                        .path("notTested")
                        .toString())
                .contains("users and roles");
    }

    @Test
    void cleaningDropsTheUsersAndRolesThatWereRestoredAndNoOthers() {
        try (MongoClient client = target.client()) {
            run(client, "admin", "{createUser: 'mine', pwd: 'x', roles: []}");
            recovery.restoreWithUsers(staging, "latest", "r1");
            run(client, "admin", "{updateUser: 'boss', pwd: 'changed since'}");
            run(client, "admin", "{dropRole: 'above'}");
            run(client, "admin", "{createRole: 'above', privileges: [], roles: ['read']}");
            new StagingCleaner(staging, new StagingMarker(staging)).clean();
        }
        assertThat(users(target)).containsOnlyKeys("admin.mine");
        assertThat(roles(target)).containsOnlyKeys("admin.above");
    }

    @Test
    void anotherUserOfTheSameNameIsARefusalBeforeTheFirstWrite() {
        try (MongoClient client = target.client()) {
            run(client, "shop", "{createUser: 'app', pwd: 'another', roles: []}");
        }
        Map<String, String> before = users(target);
        Ended ended = recovery.restoreWithUsers(staging, "latest", "r1");

        assertThat(Failure.in(ended.failure()).orElseThrow().kind()).isEqualTo(FailureKind.TARGET_REFUSED);
        assertThat(String.valueOf(ended.failure())).contains("shop.app").doesNotContain("admin.boss");
        assertThat(new StagingMarker(staging).read()).isEmpty();
        assertThat(users(target)).isEqualTo(before);
    }

    @Test
    void theRestoringUserStaysAsItIsAndTheRecordSaysSo() {
        try (MongoClient client = target.client()) {
            run(client, "admin", "{createUser: 'boss', pwd: 'of staging', roles: ['root']}");
        }
        Map<String, String> before = users(target);
        String uri = target.uri().replace("//", "//boss:of%20staging@") + "&authSource=admin";
        Ended ended;
        try (Deployment asBoss = Deployments.connect(uri, "staging")) {
            ended = recovery.restoreWithUsers(asBoss, "latest", "r1");
        }

        assertThat(ended.failure()).isNull();
        assertThat(users(target)).containsAllEntriesOf(before).hasSize(3);
        assertThat(ended.record().json().path("scope").path("excluded").toString())
                .contains("admin.boss");
    }

    @Test
    void aRestoreOfUsersCutOffAnywhereGoesOn() {
        for (int checks = 1; checks < 12; checks++) {
            var left = new java.util.concurrent.atomic.AtomicInteger(checks);
            recovery.stopWhen(() -> left.decrementAndGet() < 0);
            recovery.restoreWithUsers(staging, "latest", "r1");
        }
        recovery.stopWhen(() -> false);
        assertThat(recovery.restoreWithUsers(staging, "latest", "r1").failure()).isNull();
        assertThat(users(target)).isEqualTo(users(source));
    }

    @Test
    void usersThatWereExcludedFromTheBackupCannotBeAskedFor() {
        recovery.backup(from, Recovery.id(2), Set.of("admin.system.users"));
        Ended ended = recovery.restoreWithUsers(staging, "latest", "r1");

        assertThat(Failure.in(ended.failure()).orElseThrow().kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(new StagingMarker(staging).read()).isEmpty();
    }

    @Test
    void aChangedCredentialAndAMissingRoleAreFound() {
        Map<Namespace, List<RawBsonDocument>> expected =
                Map.of(Namespace.USERS, stored("system.users"), Namespace.ROLES, stored("system.roles"));
        recovery.restoreWithUsers(staging, "latest", "r1");
        assertThat(AccessComparison.check(staging, expected).result()).isEqualTo(Check.Result.PASSED);
        try (MongoClient client = target.client()) {
            run(client, "shop", "{updateUser: 'app', pwd: 'other'}");
            run(client, "shop", "{dropRole: 'reader'}");
        }
        Check check = AccessComparison.check(staging, expected);

        assertThat(check.result()).isEqualTo(Check.Result.FAILED);
        assertThat(check.detail()).contains("changed shop.app").contains("missing shop.reader");
    }

    private static List<RawBsonDocument> stored(String collection) {
        try (MongoClient client = source.client()) {
            return client.getDatabase("admin")
                    .getCollection(collection, RawBsonDocument.class)
                    .find()
                    .into(new ArrayList<>());
        }
    }

    private static Map<String, String> users(MongodServer server) {
        try (MongoClient client = server.client()) {
            BsonDocument reply = client.getDatabase("admin")
                    .runCommand(
                            Document.parse("{usersInfo: {forAllDBs: true}, showCredentials: true}"),
                            BsonDocument.class);
            return documents(reply.getArray("users"));
        }
    }

    private static Map<String, String> roles(MongodServer server) {
        try (MongoClient client = server.client()) {
            Map<String, String> found = new TreeMap<>();
            for (String database : List.of("admin", "shop")) {
                var command = new BsonDocument("rolesInfo", new BsonInt32(1))
                        .append("showPrivileges", org.bson.BsonBoolean.TRUE)
                        .append("showAuthenticationRestrictions", org.bson.BsonBoolean.TRUE);
                found.putAll(documents(client.getDatabase(database)
                        .runCommand(command, BsonDocument.class)
                        .getArray("roles")));
            }
            return found;
        }
    }

    /** By name, each as its bytes: to the driver, documents with their fields in another order are equal. */
    private static Map<String, String> documents(List<BsonValue> values) {
        return values.stream()
                .map(BsonValue::asDocument)
                .collect(Collectors.toMap(
                        document -> document.getString("_id").getValue(),
                        document -> HexFormat.of().formatHex(bytes(inOrder(document))),
                        (_, _) -> {
                            throw new IllegalStateException("told twice");
                        },
                        TreeMap::new));
    }

    private static byte[] bytes(BsonDocument document) {
        ByteBuffer buffer = new RawBsonDocument(document, new BsonDocumentCodec())
                .getByteBuffer()
                .asNIO();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** What a role inherits is computed by the server anew, in no order that means anything. */
    private static BsonDocument inOrder(BsonDocument document) {
        for (String field : List.of("inheritedRoles", "inheritedPrivileges")) {
            if (document.containsKey(field)) {
                document.getArray(field).sort(Comparator.comparing(BsonValue::toString));
            }
        }
        return document;
    }

    private static void run(MongoClient client, String database, String command) {
        client.getDatabase(database).runCommand(Document.parse(command));
    }
}
