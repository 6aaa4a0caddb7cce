package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.MongoClient;
import io.firedrill.doctor.Check;
import io.firedrill.evidence.Clocks;
import io.firedrill.storage.Mount;
import io.firedrill.storage.StoreSettings;
import io.firedrill.testing.DocumentedRole;
import io.firedrill.testing.MemberSet;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.RecordingServer;
import io.firedrill.testing.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the doctor says of environments that are broken in one way each, on real servers; and of one that is not. */
class DoctorIT {
    private static final String BACKUP = "firedrillBackup";
    private static final String ARCHIVE = "firedrillArchive";
    private static final String RESTORE = "firedrillRestore";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static MongodServer source;
    private static MongodServer staging;

    @TempDir
    Path directory;

    private RealCall call;

    @BeforeAll
    static void start() {
        source = MongodServer.guardedReplicaSet("orders");
        staging = MongodServer.guardedReplicaSet("practice");
        DocumentedRole.of(BACKUP).make(source, RealCall.SECRET);
        DocumentedRole.of(ARCHIVE).make(source, RealCall.SECRET);
        DocumentedRole.of(RESTORE).make(staging, RealCall.SECRET);
        grant(source, BACKUP, List.of(BACKUP, ARCHIVE));
        haveSomeOplog();
    }

    /** An oplog that spans less than a second would reach nowhere, however much room it has. */
    private static void haveSomeOplog() {
        try (MongoClient client = source.client()) {
            client.getDatabase("shop").getCollection("orders").insertOne(new Document("_id", 1));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            long first = 0;
            while (System.nanoTime() < deadline) {
                var note = new Document("appendOplogNote", 1).append("data", new Document("n", 1));
                long at = client.getDatabase("admin")
                        .runCommand(note)
                        .get("operationTime", BsonTimestamp.class)
                        .getTime();
                first = first == 0 ? at : first;
                if (at > first + 1) {
                    return;
                }
            }
        }
        throw new AssertionError("the source's clock stands still");
    }

    private static void grant(MongodServer server, String user, List<String> roles) {
        try (MongoClient client = server.client()) {
            client.getDatabase("admin").runCommand(new Document("updateUser", user).append("roles", roles));
        }
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
    }

    @BeforeEach
    void call() {
        call = new RealCall(directory)
                .with("FIREDRILL_SOURCE_URI", uri(source, BACKUP))
                .with("FIREDRILL_STAGING_URI", uri(staging, RESTORE));
    }

    private static String uri(MongodServer server, String user) {
        return server.uri(user + ":" + RealCall.SECRET + "@");
    }

    private List<JsonNode> examined(int code, String... arguments) {
        List<String> all = new ArrayList<>(List.of("doctor", "--output", "json"));
        all.addAll(List.of(arguments));
        int ended = call.run(all.toArray(String[]::new));
        assertThat(ended).as(() -> call.out() + call.err()).isEqualTo(code);
        List<JsonNode> checks = new ArrayList<>();
        JsonMapper.shared().readTree(call.out()).path("checks").forEach(checks::add);
        return checks;
    }

    private static List<JsonNode> in(List<JsonNode> checks, String state) {
        return checks.stream()
                .filter(each -> each.path("state").asString().equals(state))
                .toList();
    }

    /** The one that came out badly, and no other one. */
    private static JsonNode only(List<JsonNode> checks, String state, String subject, Check check) {
        List<JsonNode> bad = Stream.concat(in(checks, "FAIL").stream(), in(checks, "WARN").stream())
                .toList();
        assertThat(bad).hasSize(1);
        JsonNode found = bad.getFirst();
        assertThat(found.path("state").asString() + " " + found.path("subject").asString() + " "
                        + found.path("check").asString())
                .as(found::toString)
                .isEqualTo(state + " " + subject + " " + check.id());
        assertThat(found.path("hint").asString()).matches("[A-Z].*[.?]");
        assertThat(found.path("link").asString()).isEqualTo("docs/OPERATIONS.md#doctor-" + check.id());
        return found;
    }

    @Test
    void aHealthyEnvironmentHasNotOneWarning() throws IOException {
        List<JsonNode> checks = examined(0, "--strict");
        assertThat(in(checks, "OK")).hasSameSizeAs(checks).hasSizeGreaterThan(20);
        assertThat(call.run("doctor")).isZero();
        assertThat(call.out()).startsWith("OK  0 failed, 0 to look at").contains("source privileges");
        try (var files = Files.walk(call.store())) {
            assertThat(files.filter(Files::isRegularFile)).as("left behind").isEmpty();
        }
    }

    /**
     * One thing that is wrong.
     *
     * @param role whose privilege goes
     */
    record Missing(MongodServer server, String role, String action, String place) {
        @Override
        public String toString() {
            return role + " without " + action;
        }
    }

    static Stream<Missing> missing() {
        return Stream.of(
                new Missing(source, BACKUP, "serverStatus", "the cluster"),
                new Missing(source, BACKUP, "useUUID", "the cluster"),
                new Missing(source, BACKUP, "listIndexes", "any resource"),
                new Missing(source, ARCHIVE, "collStats", "local.oplog.rs"),
                new Missing(staging, RESTORE, "insert", "any collection"),
                new Missing(staging, RESTORE, "remove", "system.js of any database"),
                new Missing(staging, RESTORE, "setParameter", "the cluster"));
    }

    @ParameterizedTest
    @MethodSource("missing")
    void aMissingPrivilegeIsNamed(Missing missing) {
        List<Document> whole = DocumentedRole.of(missing.role).privileges();
        privileges(missing.server, missing.role, without(missing));
        try {
            List<JsonNode> checks = examined(41);
            assertThat(in(checks, "FAIL"))
                    .extracting(each -> each.path("check").asString())
                    .containsOnly("privileges");
            assertThat(in(checks, "FAIL").getFirst().path("seen").asString())
                    .contains("'%s' on %s".formatted(missing.action, missing.place));
            assertThat(in(checks, "FAIL").getFirst().path("hint").asString())
                    .contains(missing.role, "firedrill doctor roles");
        } finally {
            privileges(missing.server, missing.role, whole);
        }
    }

    /** Of every privilege on that place. */
    private static List<Document> without(Missing missing) {
        List<Document> left = new ArrayList<>();
        for (Document privilege : DocumentedRole.of(missing.role).privileges()) {
            List<String> actions = new ArrayList<>(privilege.getList("actions", String.class));
            String resource = privilege.get("resource", Document.class).toJson();
            boolean here = resource.equals(place(missing.place));
            if (here) {
                actions.remove(missing.action);
            }
            left.add(new Document("resource", privilege.get("resource")).append("actions", actions));
        }
        left.removeIf(each -> each.getList("actions", String.class).isEmpty());
        return left;
    }

    private static String place(String words) {
        return switch (words) {
            case "the cluster" -> "{\"cluster\": true}";
            case "any resource" -> "{\"anyResource\": true}";
            case "any collection" -> "{\"db\": \"\", \"collection\": \"\"}";
            case "system.js of any database" -> "{\"db\": \"\", \"collection\": \"system.js\"}";
            default -> "{\"db\": \"local\", \"collection\": \"oplog.rs\"}";
        };
    }

    private static void privileges(MongodServer server, String role, List<Document> privileges) {
        try (MongoClient client = server.client()) {
            client.getDatabase("admin").runCommand(new Document("updateRole", role).append("privileges", privileges));
        }
    }

    @Test
    void aPrivilegeTooManyIsAWarningAndEndsAStrictLook() {
        List<Document> more = new ArrayList<>(DocumentedRole.of(BACKUP).privileges());
        more.add(Document.parse("{resource: {db: 'shop', collection: ''}, actions: ['insert']}"));
        privileges(source, BACKUP, more);
        try {
            JsonNode found = only(examined(0), "WARN", "source", Check.EXCESS);
            assertThat(found.path("seen").asString())
                    .contains("'insert' on shop.*")
                    .doesNotContain("find");
            examined(41, "--strict");
        } finally {
            privileges(source, BACKUP, DocumentedRole.of(BACKUP).privileges());
        }
    }

    @Test
    void aWrongPasswordIsNamedAndNeverRepeated() {
        call.with("FIREDRILL_SOURCE_URI", source.uri(BACKUP + ":not-" + RealCall.SECRET + "@"));
        JsonNode found = only(examined(41), "FAIL", "source", Check.REACHABLE);
        assertThat(found.path("seen").asString()).contains("wrong password");
        assertThat(found.path("hint").asString()).contains("authSource");
    }

    @Test
    void noUserAtAllWhereOneIsAskedForIsDenied() {
        call.with("FIREDRILL_SOURCE_URI", source.uri(""));
        JsonNode found = only(examined(41), "FAIL", "source", Check.PRIVILEGES);
        assertThat(found.path("seen").asString()).contains("does not allow its user");
    }

    @Test
    void aStandaloneIsNoSource() {
        try (var alone = MongodServer.standalone()) {
            call.with("FIREDRILL_SOURCE_URI", alone.uri());
            JsonNode found = only(examined(2), "FAIL", "source", Check.REACHABLE);
            assertThat(found.path("seen").asString()).contains("is a standalone");
            assertThat(found.path("hint").asString()).contains("--replSet");
        }
    }

    @Test
    void aMongosIsNoSource() throws IOException {
        try (var mongos = new StandInMongos()) {
            call.with("FIREDRILL_SOURCE_URI", mongos.uri());
            List<JsonNode> checks = examined(2, "--for", "backup");
            assertThat(in(checks, "FAIL").getFirst().path("seen").asString()).contains("is a mongos");
        }
    }

    @Test
    void aSetOfAnotherNameIsNamedWithBoth() {
        call.with("FIREDRILL_SOURCE_URI", uri(source, BACKUP).replace("replicaSet=orders", "replicaSet=others"));
        JsonNode found = only(examined(2), "FAIL", "source", Check.REACHABLE);
        assertThat(found.path("seen").asString()).contains("'orders'", "'others'");
    }

    @Test
    void whatDoesNotAnswerMayBeTriedAgain() {
        call.with("FIREDRILL_SOURCE_URI", "mongodb://127.0.0.1:1/?replicaSet=orders");
        only(examined(40), "FAIL", "source", Check.REACHABLE);
    }

    @Test
    void plainTextThatLeavesThisMachineIsAFailure() {
        // An address that is nobody's, by RFC 5737.
        call.with("FIREDRILL_SOURCE_URI", "mongodb://192.0.2.1:27017/?replicaSet=orders");
        JsonNode found = in(examined(2, "--for", "archive"), "FAIL").getFirst();
        assertThat(found.path("check").asString()).isEqualTo("tls");
        assertThat(found.path("hint").asString()).contains("tls=true");
    }

    @Test
    void namesThatAreNotCheckedAreAFailure() {
        call.with("FIREDRILL_SOURCE_URI", uri(source, BACKUP) + "&tls=true&tlsAllowInvalidHostnames=true");
        assertThat(in(examined(2), "FAIL").getFirst().path("hint").asString()).contains("tlsAllowInvalidHostnames");
    }

    @Test
    void withoutAccessControlEverybodyIsLetIn() {
        try (var open = MongodServer.replicaSet("open")) {
            call.with("FIREDRILL_SOURCE_URI", open.uri());
            JsonNode found = only(examined(0, "--for", "backup"), "WARN", "source", Check.EXCESS);
            assertThat(found.path("seen").asString()).contains("access control is off");
        }
    }

    @Test
    void aHistoryThatIsShortOrNoneIsNamedWithTheParameter() {
        try (MongoClient client = source.client()) {
            history(client, 0);
            JsonNode none = only(examined(2), "FAIL", "source", Check.HISTORY);
            assertThat(none.path("hint").asString()).contains("minSnapshotHistoryWindowInSeconds");
            history(client, 60);
            only(examined(0), "WARN", "source", Check.HISTORY);
        } finally {
            try (MongoClient client = source.client()) {
                history(client, 300);
            }
        }
    }

    private static void history(MongoClient client, int seconds) {
        client.getDatabase("admin")
                .runCommand(new Document("setParameter", 1).append("minSnapshotHistoryWindowInSeconds", seconds));
    }

    @Test
    void anOplogThatIsTooShortForTheOutageBudgetIsNamed() {
        call.with("FIREDRILL_ARCHIVE_OUTAGE_BUDGET", "90000d");
        JsonNode found = only(examined(2), "FAIL", "source", Check.OPLOG);
        assertThat(found.path("hint").asString()).contains("replSetResizeOplog");
    }

    @Test
    void aSetThatLostItsPrimaryAndOneThatLostAMemberAreToldApart() {
        try (var set = new MemberSet("three", 3)) {
            call.with("FIREDRILL_SOURCE_URI", set.uri());
            set.member(2).kill();
            JsonNode less = in(examined(0, "--for", "backup"), "WARN").getFirst();
            assertThat(less.path("check").asString()).isEqualTo("members");
            assertThat(less.path("seen").asString()).contains(set.host(2), "does not answer");
            set.member(0).kill();
            call.with("FIREDRILL_SOURCE_URI", "mongodb://%s/?replicaSet=three".formatted(set.host(1)));
            JsonNode none = in(examined(40, "--for", "backup"), "FAIL").getFirst();
            assertThat(none.path("seen").asString()).contains("no primary");
        }
    }

    @Test
    void aClockThatIsOffIsNamedWithHowFar() {
        var real = Clocks.system();
        call.on(new Clocks(() -> Instant.now().minusSeconds(600), real.ticker()));
        List<JsonNode> off = in(examined(2), "FAIL");
        assertThat(off).extracting(each -> each.path("check").asString()).containsOnly("clock");
        assertThat(off)
                .hasSize(3)
                .allSatisfy(each ->
                        assertThat(each.path("seen").asString()).containsPattern("(600|599|601)\\.\\d{3} s ahead"));
        call.on(new Clocks(() -> Instant.now().minusSeconds(10), real.ticker()));
        assertThat(in(examined(0), "WARN")).hasSize(3);
    }

    @Test
    void stagingThatIsTheSourceIsRefused() {
        call.with("FIREDRILL_STAGING_URI", source.uri());
        List<JsonNode> checks = examined(30);
        assertThat(in(checks, "FAIL").getFirst().path("seen").asString()).contains("is the source");
    }

    @Test
    void stagingThatIsNotAllowedIsRefused() {
        call.with("FIREDRILL_STAGING_ALLOW", "others");
        JsonNode found = only(examined(30), "FAIL", "staging", Check.TARGET);
        assertThat(found.path("hint").asString()).contains("FIREDRILL_STAGING_ALLOW");
    }

    @Test
    void stagingThatHoldsWhatIsNotOursIsRefused() {
        try (MongoClient client = staging.client()) {
            client.getDatabase("precious").getCollection("c").insertOne(new Document("_id", 1));
            JsonNode found = only(examined(30), "FAIL", "staging", Check.TARGET);
            assertThat(found.path("seen").asString()).contains("not empty", "precious");
            client.getDatabase("precious").drop();
        }
    }

    @Test
    void aMongodThatIsNoneIsNamed() throws IOException {
        call.with("FIREDRILL_STAGING_URI", "ephemeral:").with("FIREDRILL_MONGOD", System.getenv("FIREDRILL_MONGOD"));
        assertThat(in(examined(0, "--strict"), "OK"))
                .anySatisfy(each -> assertThat(each.path("seen").asString()).contains("db version v"));
        call.with("FIREDRILL_MONGOD", "/bin/true");
        only(examined(2), "FAIL", "staging", Check.MONGOD);
        call.with("FIREDRILL_MONGOD", directory.resolve("none").toString());
        only(examined(2), "FAIL", "staging", Check.MONGOD);
    }

    @Test
    void aSettingThatIsUnknownOrMissingIsNamed() throws IOException {
        call.with("FIREDRILL_STROE", "file:///x");
        JsonNode variable = only(examined(0), "WARN", "firedrill", Check.SETTINGS);
        assertThat(variable.path("seen").asString()).contains("did you mean FIREDRILL_STORE");
        Files.writeString(directory.resolve("firedrill.yaml"), "soruce-name: x\n");
        JsonNode key = only(examined(2), "FAIL", "firedrill", Check.SETTINGS);
        assertThat(key.path("seen").asString()).contains("unknown setting soruce-name");
        Files.writeString(directory.resolve("firedrill.yaml"), "lanes: many\n");
        only(examined(2), "FAIL", "firedrill", Check.SETTINGS);
    }

    @Test
    void aSecretFileThatEverybodyMayReadIsAWarning() throws IOException {
        Path file = Files.writeString(directory.resolve("uri"), uri(source, BACKUP));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        call.with("FIREDRILL_SOURCE_URI", "").with("FIREDRILL_SOURCE_URI_FILE", file.toString());
        JsonNode found = only(examined(0), "WARN", "firedrill", Check.SECRETS);
        assertThat(found.path("hint").asString()).contains("chmod o-rwx");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        examined(0, "--strict");
    }

    @Test
    void aKeyOfBackupsThatIsNotThereHidesNothingElse() {
        call.with("FIREDRILL_STORE_KEY", directory.resolve("none").toString());
        List<JsonNode> checks = examined(2);
        JsonNode found = only(checks, "FAIL", "firedrill", Check.SECRETS);
        assertThat(found.path("seen").asString()).contains("cannot be read");
        assertThat(in(checks, "OK")).hasSizeGreaterThan(15);
    }

    @Test
    void theKeyOfAnotherLedgerAndNoKeyAreNamed() throws IOException {
        call.succeed("evidence", "keys", "create", "--out", "keys");
        call.with(
                "FIREDRILL_EVIDENCE_KEY",
                directory.resolve("keys/evidence-private.pem").toString());
        call.succeed("backup");
        assertThat(in(examined(0, "--strict"), "OK"))
                .anySatisfy(each -> assertThat(each.path("seen").asString()).contains("signs ledger"));
        call.with("FIREDRILL_EVIDENCE_KEY", "");
        only(examined(43), "FAIL", "firedrill", Check.EVIDENCE);
        call.succeed("evidence", "keys", "create", "--out", "others");
        call.with(
                "FIREDRILL_EVIDENCE_KEY",
                directory.resolve("others/evidence-private.pem").toString());
        only(examined(43), "FAIL", "firedrill", Check.EVIDENCE);
    }

    @Test
    void aDirectoryThatIsAFileOrReadOnlyOrFullIsNamed() throws IOException {
        call.with(
                "FIREDRILL_STORE",
                Files.createFile(directory.resolve("file")).toUri().toString());
        only(examined(2), "FAIL", "store", Check.REACHABLE);
        Path disk = Files.createDirectories(directory.resolve("disk"));
        try (var mount = new Mount(disk, "size=32m")) {
            assumeTrue(mount.isThere(), "a full and a read-only store: not tested, only root can mount a disk");
            call.with("FIREDRILL_STORE", disk.toUri().toString());
            JsonNode full = only(examined(40), "FAIL", "store", Check.SPACE);
            assertThat(full.path("seen").asString()).contains("MiB free");
            mount.remountReadOnly();
            List<JsonNode> checks = examined(41);
            assertThat(in(checks, "FAIL").getFirst().path("seen").asString()).contains("read-only");
        }
    }

    private StoreSettings bucket(Optional<StoreSettings> found) {
        assumeTrue(found.isPresent(), S3Server.unchecked("what the doctor says of an S3 store"));
        StoreSettings settings = found.orElseThrow();
        call.with("FIREDRILL_STORE", settings.url())
                .with("FIREDRILL_S3_ENDPOINT", settings.s3Endpoint().orElseThrow())
                .with("FIREDRILL_S3_REGION", settings.s3Region().orElseThrow());
        return settings;
    }

    @Test
    void aBucketIsTriedAndLeftAsItWas() {
        StoreSettings settings = bucket(S3Server.freshBucket());
        List<JsonNode> checks = examined(0, "--strict");
        assertThat(in(checks, "OK"))
                .extracting(each -> each.path("subject").asString() + " "
                        + each.path("check").asString())
                .contains("store write", "store checksum", "store clock");
        try (var s3 = S3Server.client(settings)) {
            assertThat(s3.listObjectsV2(list -> list.bucket(settings.url().substring(5)))
                            .contents())
                    .isEmpty();
        }
        call.with("FIREDRILL_EVIDENCE_LOCK", "1d");
        only(examined(2), "FAIL", "store", Check.LOCK);
    }

    @Test
    void aBucketThatIsNotThereOrAsksForAnotherRegionIsNamed() {
        bucket(S3Server.freshBucket());
        call.with("FIREDRILL_S3_REGION", "eu-central-1");
        only(examined(2), "FAIL", "store", Check.REACHABLE);
        call.with("FIREDRILL_S3_REGION", "us-east-1").with("FIREDRILL_STORE", "s3://no-such-" + UUID.randomUUID());
        JsonNode found = only(examined(2), "FAIL", "store", Check.REACHABLE);
        assertThat(found.path("seen").asString()).contains("does not exist");
    }

    /** Whoever answers everything with "done" has no conditional writes; no real server that can be had is like that. */
    @Test
    void aStoreWithoutConditionalWritesIsNamed() {
        try (var careless =
                new RecordingServer().answering(200, "<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>")) {
            call.with("FIREDRILL_STORE", "s3://bucket")
                    .with("FIREDRILL_S3_ENDPOINT", careless.address().toString())
                    .with("FIREDRILL_S3_REGION", "us-east-1");
            withKeys(() -> {
                List<JsonNode> checks = examined(2, "--for", "prune");
                assertThat(in(checks, "FAIL"))
                        .extracting(each -> each.path("check").asString())
                        .contains("write", "checksum");
                assertThat(call.out()).contains("no conditional writes", "If-None-Match");
            });
        }
    }

    @Test
    void aBucketThatMayNotBeReadIsDenied() {
        try (var denying = new RecordingServer().answering(403, "<Error><Code>AccessDenied</Code></Error>")) {
            call.with("FIREDRILL_STORE", "s3://bucket")
                    .with("FIREDRILL_S3_ENDPOINT", denying.address().toString())
                    .with("FIREDRILL_S3_REGION", "us-east-1");
            withKeys(() -> {
                List<JsonNode> checks = examined(41, "--for", "prune");
                assertThat(in(checks, "FAIL").getFirst().path("seen").asString())
                        .contains("AccessDenied");
                assertThat(in(checks, "SKIPPED")).hasSizeGreaterThanOrEqualTo(3);
            });
        }
    }

    /** Where the AWS SDK looks for credentials; what they are does not matter here. */
    private static void withKeys(Runnable work) {
        String[] names = {"aws.accessKeyId", "aws.secretAccessKey"};
        for (String name : names) {
            System.setProperty(name, "any");
        }
        try {
            work.run();
        } finally {
            for (String name : names) {
                System.clearProperty(name);
            }
        }
    }

    @Test
    void whatIsAskedForIsWhatIsLookedAt() {
        assertThat(examined(0, "--for", "prune"))
                .extracting(each -> each.path("subject").asString())
                .containsOnly("firedrill", "store");
        assertThat(examined(0, "--for", "drill"))
                .extracting(each -> each.path("subject").asString())
                .contains("staging")
                .doesNotContain("source");
        assertThat(in(examined(41, "--for", "migrations-apply", "--database", "shop"), "FAIL")
                        .getFirst()
                        .path("seen")
                        .asString())
                .contains("'createIndex' on shop.*");
        examined(0, "--for", "migrations", "--database", "shop");
    }
}
