package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.doctor.Check;
import io.firedrill.evidence.Clocks;
import io.firedrill.testing.DocumentedRole;
import io.firedrill.testing.MemberSet;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What the doctor says of servers that are broken in one way each, on real ones; and where nothing is. */
class DoctorIT extends DoctorRoom {
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
        call.with("FIREDRILL_STAGING_URI", RealCall.uri(staging, RESTORE));
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
    void stagingThatCanOnlyBeRestoredIntoAsItWasIsAWarning() {
        call.with("FIREDRILL_STAGING_URI", RealCall.uri(staging, RESTORE));
        JsonNode found = only(examined(0), "WARN", "staging", Check.PRIVILEGES);
        assertThat(found.path("seen").asString()).contains("replay is missing");
        assertThat(found.path("hint").asString()).contains("--at", "firedrill doctor roles replay");
    }

    @Test
    void whereNobodyIsToldOfFailuresThatIsAWarning() {
        call.with("FIREDRILL_NOTIFY_WEBHOOK", "");
        JsonNode found = only(examined(0), "WARN", "firedrill", Check.NOTIFICATIONS);
        assertThat(found.path("seen").asString()).contains("nobody is told");
        examined(2, "--strict");
    }

    @Test
    void aStoreThatIsNotThereIsAWarningAndIsNotMade() {
        Path absent = directory.resolve("absent");
        call.with("FIREDRILL_STORE", absent.toUri().toString());
        JsonNode found = only(examined(0), "WARN", "store", Check.REACHABLE);
        assertThat(found.path("hint").asString()).contains("a mount is missing");
        assertThat(absent).doesNotExist();
        examined(2, "--strict");
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
        call.with(
                "FIREDRILL_SOURCE_URI", RealCall.uri(source, BACKUP).replace("replicaSet=orders", "replicaSet=others"));
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
        call.with("FIREDRILL_SOURCE_URI", RealCall.uri(source, BACKUP) + "&tls=true&tlsAllowInvalidHostnames=true");
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
                        assertThat(each.path("seen").asString()).containsPattern("(59[5-9]|60[0-4])\\.\\d{3} s ahead"));
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
