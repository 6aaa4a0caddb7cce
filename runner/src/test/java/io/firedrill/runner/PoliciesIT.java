package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.MongoClient;
import io.firedrill.storage.StoreSettings;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.S3Server;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Each principal's work with its shipped policy and nothing else, on a server that holds everybody to it; and without one right. */
class PoliciesIT {
    private static final String KEY = "aws.accessKeyId";
    private static final String SECRET = "aws.secretAccessKey";
    private static final JsonMapper JSON = JsonMapper.shared();

    private static MongodServer source;
    private static MongodServer staging;

    @TempDir
    Path directory;

    private final Map<String, AwsCredentialsIdentity> users = new HashMap<>();
    private final Map<String, ArrayNode> policies = new HashMap<>();
    private StoreSettings settings;
    private RealCall call;

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("orders");
        staging = MongodServer.replicaSet("practice");
        try (MongoClient client = source.client()) {
            client.getDatabase("shop").getCollection("orders").insertOne(new Document("_id", 1));
        }
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
    }

    @BeforeEach
    void attach() {
        Optional<StoreSettings> bucket = S3Server.lockingBucket();
        assumeTrue(bucket.isPresent(), S3Server.unchecked("the policies for S3"));
        settings = bucket.orElseThrow();
        for (String principal : List.of("backup", "restore", "prune", "auditor")) {
            Optional<AwsCredentialsIdentity> user = S3Server.newUser(settings);
            assumeTrue(user.isPresent(), "the policies for S3: not tested, the server has no users");
            users.put(principal, user.orElseThrow());
            ArrayNode statements = statements(principal);
            statements.addAll(statements("doctor"));
            policies.put(principal, statements);
        }
        put();
        call = new RealCall(directory)
                .with("FIREDRILL_STORE", settings.url() + "/prod")
                .with("FIREDRILL_S3_ENDPOINT", settings.s3Endpoint().orElseThrow())
                .with("FIREDRILL_S3_REGION", settings.s3Region().orElseThrow())
                .with("FIREDRILL_SOURCE_URI", source.uri())
                .with("FIREDRILL_STAGING_URI", staging.uri())
                .with("FIREDRILL_KEEP_WITHIN", "1s")
                .with("FIREDRILL_PRUNE_GRACE", "1s")
                .with("FIREDRILL_EVIDENCE_LOCK", "1h");
    }

    @AfterEach
    void forget() {
        System.clearProperty(KEY);
        System.clearProperty(SECRET);
    }

    /** As a bucket's policy says it; this server speaks no TLS, and keeps no keys. */
    private ArrayNode statements(String principal) {
        String file = PolicyFile.of(principal).document().toString();
        String filled = file.replace("BUCKET", settings.url().substring("s3://".length()))
                .replace("PREFIX", "prod");
        ArrayNode all = JSON.createArrayNode();
        for (JsonNode each : JSON.readTree(filled).path("Statement")) {
            ObjectNode statement = (ObjectNode) each;
            ((ObjectNode) statement.path("Condition")).remove("Bool");
            statement
                    .putObject("Principal")
                    .putArray("AWS")
                    .add(user(userOf(principal)).accessKeyId());
            if (!statement.path("Resource").toString().contains("KMS_KEY_ARN")) {
                all.add(statement);
            }
        }
        return all;
    }

    private String last = "";

    /** The doctor's rights go to whom was made last. */
    private String userOf(String principal) {
        last = principal.equals("doctor") ? last : principal;
        return last;
    }

    private void put() {
        ObjectNode policy = JSON.createObjectNode().put("Version", "2012-10-17");
        ArrayNode all = policy.putArray("Statement");
        policies.values().forEach(all::addAll);
        try (var s3 = S3Server.client(settings)) {
            s3.putBucketPolicy(put ->
                    put.bucket(settings.url().substring("s3://".length())).policy(policy.toString()));
        }
    }

    private AwsCredentialsIdentity user(String principal) {
        return Objects.requireNonNull(users.get(principal));
    }

    private RealCall as(String principal) {
        System.setProperty(KEY, user(principal).accessKeyId());
        System.setProperty(SECRET, user(principal).secretAccessKey());
        return call;
    }

    /** Takes a right away, and says so to the server as whoever runs the test. */
    private void without(String principal, String action, String resource) {
        ArrayNode left = JSON.createArrayNode();
        for (JsonNode statement : Objects.requireNonNull(policies.get(principal))) {
            boolean meant = statement.path("Action").toString().contains('"' + action + '"');
            ArrayNode resources = JSON.createArrayNode();
            statement.path("Resource").forEach(each -> {
                if (!meant || !each.asString().endsWith(resource)) {
                    resources.add(each);
                }
            });
            if (!resources.isEmpty()) {
                left.add(((ObjectNode) statement).set("Resource", resources));
            }
        }
        policies.put(principal, left);
        forget();
        put();
    }

    @Test
    void eachPrincipalDoesItsWorkWithItsPolicyAlone() {
        as("backup").succeed("oplog", "archive", "--once");
        call.succeed("backup");
        call.succeed("seal");
        call.succeed("oplog", "archive", "--once");
        call.succeed("doctor", "--for", "backup,archive");
        String first = json("backups").at("/backups/0/backupId").asString();
        as("restore").succeed("drill", "--confirm", "practice");
        call.succeed("drill", "--confirm", "practice", "--at", "latest");
        call.succeed("verify");
        call.succeed("doctor", "--for", "drill");
        as("backup").succeed("backup");
        as("restore").succeed("drill", "--confirm", "practice");
        as("prune").succeed("doctor", "--for", "prune");
        for (int runs = 0; json("backups").toString().contains(first); runs++) {
            assertThat(runs).isLessThan(20);
            call.succeed("prune", "--keep-last", "1");
        }
        as("auditor").succeed("evidence", "verify");
        call.succeed("evidence", "list");
        assertThat(call.run("backup")).as("an auditor who backs up").isEqualTo(41);
    }

    private JsonNode json(String command) {
        call.succeed(command, "--output", "json");
        return JSON.readTree(call.out());
    }

    @Test
    void withoutOneRightTheWorkIsDeniedAndTheDoctorSaysSoBefore() {
        as("backup").succeed("backup");
        without("backup", "s3:PutObject", "/sources/*");
        as("backup").fail(41, "backup");
        without("backup", "s3:PutObject", "/doctor/*");
        as("backup").fail(41, "doctor", "--for", "backup");
        without("restore", "s3:GetObject", "/sources/*");
        as("restore").fail(41, "drill", "--confirm", "practice");
        as("prune").fail(41, "backup");
        without("prune", "s3:DeleteObject", "/sources/*/segments/*");
        as("prune").fail(41, "doctor", "--for", "prune");
        assertThat(call.out()).contains("FAIL    store delete", "sources/orders/segments/doctor-");
        without("auditor", "s3:ListBucket", "");
        as("auditor").fail(41, "evidence", "verify");
    }

    @Test
    void evidenceThatMayNotBeLockedIsRefusedBeforeARunBegins() {
        without("backup", "s3:PutObjectRetention", "/evidence/*");
        as("backup").fail(41, "backup");
    }
}
