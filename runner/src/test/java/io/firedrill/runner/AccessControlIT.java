package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.firedrill.archive.BackupId;
import io.firedrill.backup.LoadLimits;
import io.firedrill.backup.ReadGate;
import io.firedrill.backup.SourceWatch;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.runner.RealCall.Told;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.DocumentedRole;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may back up and restore: wrong passwords, missing privileges, and that the documented smallest roles are smallest. */
class AccessControlIT {
    private static final String BACKUP = "firedrillBackup";
    private static final String ARCHIVE = "firedrillArchive";
    private static final String RESTORE = "firedrillRestore";

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
        DocumentedRole.of(RESTORE).make(staging, RealCall.SECRET);
        try (MongoClient client = source.client()) {
            fill(client.getDatabase("shop"));
            // Only an oplog entry can write an empty timestamp; its restore needs a privilege of its own.
            var entry = new Document("op", "i")
                    .append("ns", "shop.stamped")
                    .append("o", new Document("_id", 1).append("t", new BsonTimestamp(0, 0)));
            client.getDatabase("admin")
                    .runCommand(new Document("applyOps", List.of(entry)).append("allowAtomic", false));
        }
    }

    private static void fill(MongoDatabase shop) {
        shop.getCollection("orders")
                .insertMany(IntStream.range(0, 200)
                        .mapToObj(i -> new Document("_id", i).append("n", i))
                        .toList());
        shop.getCollection("orders").createIndex(new Document("n", 1));
        shop.runCommand(Document.parse("{create: 'recent', viewOn: 'orders', pipeline: [{$match: {n: {$gt: 9}}}]}"));
        shop.runCommand(Document.parse("{create: 'checked', validator: {n: {$type: 'int'}}}"));
        shop.runCommand(Document.parse("{create: 'stamped'}"));
        shop.runCommand(Document.parse("{create: 'ring', capped: true, size: 4096}"));
        shop.runCommand(Document.parse("{create: 'weather', timeseries: {timeField: 't', metaField: 'm'}}"));
        shop.getCollection("weather").insertOne(Document.parse("{t: {$date: '2026-01-01T00:00:00Z'}, m: 1, v: 2}"));
        shop.getCollection("weather").createIndex(new Document("v", 1));
        shop.getCollection("system.js").insertOne(new Document("_id", "f").append("value", "no function"));
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

    @Test
    void theDocumentedRolesAreEnoughFromBackupToProof() {
        call.succeed("backup");
        call.succeed("seal");
        call.succeed("restore", "--confirm", "practice");
        assertThat(call.out()).contains("PROVEN");
        assertThat(staging.dbHash("shop")).isEqualTo(source.dbHash("shop"));
        call.succeed("staging", "clean", "--confirm", "practice");
        call.succeed("drill", "--confirm", "practice");
    }

    @Test
    void aWrongPasswordIsDeniedAndNeverRepeated() throws IOException {
        call.succeed("backup");
        String wrong = ":" + RealCall.SECRET + "-but-not-this@";
        Told ofSource =
                call.with("FIREDRILL_SOURCE_URI", source.uri(BACKUP + wrong)).fail(41, "backup");
        assertThat(ofSource.message()).contains("source", BACKUP, "wrong password");
        assertThat(ofSource.hint()).contains("authSource");
        Told ofStaging = call.with("FIREDRILL_STAGING_URI", staging.uri(RESTORE + wrong))
                .fail(41, "restore", "--confirm", "practice");
        assertThat(ofStaging.message()).contains("staging", RESTORE, "wrong password");
        assertThat(call.with("FIREDRILL_SOURCE_URI", source.uri(""))
                        .fail(41, "backup")
                        .message())
                .as("no user at all")
                .contains("source", "does not allow its user");
        try (var files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readAllBytes(file))
                        .asString()
                        .as(file.toString())
                        .doesNotContain(RealCall.SECRET);
            }
        }
    }

    @Test
    void aMissingPrivilegeIsNamedOnTheCommandLine() {
        grant(source, BACKUP, without(BACKUP, 0, "appendOplogNote"));
        Told told = call.fail(41, "backup");
        grant(source, BACKUP, privileges(BACKUP));
        assertThat(told.message()).contains("source", "appendOplogNote");
        assertThat(told.hint()).contains("'appendOplogNote'", "docs/OPERATIONS.md");

        call.succeed("backup");
        grant(staging, RESTORE, without(RESTORE, 1, "createIndex"));
        Told restore = call.fail(41, "restore", "--confirm", "practice");
        grant(staging, RESTORE, privileges(RESTORE));
        assertThat(restore.message()).contains("staging", "createIndexes on shop.orders");
        assertThat(restore.hint()).contains("'createIndex'");
        call.succeed("restore", "--confirm", "practice");
        call.succeed("staging", "clean", "--confirm", "practice");
    }

    @Test
    void aBackupNeedsEveryActionOfItsRoleAndNamesTheOneThatIsMissing() {
        try (ObjectStore store = ObjectStores.directory(directory.resolve("removals"));
                var recovery = new Recovery(store);
                Deployment deployment = Deployments.connect(uri(source, BACKUP), "source")) {
            Map<String, String> told = new TreeMap<>();
            for (Removal removal : removals(BACKUP)) {
                grant(source, BACKUP, removal.left);
                told.put(removal.name, toldOfWatchedBackup(recovery, deployment, Recovery.id(told.size())));
            }
            assertThat(told).hasSizeGreaterThanOrEqualTo(10).allSatisfy(AccessControlIT::isDeniedByName);
        } finally {
            grant(source, BACKUP, privileges(BACKUP));
        }
    }

    @Test
    void aRestoreNeedsEveryActionOfItsRoleAndNamesTheOneThatIsMissing() {
        try (ObjectStore store = ObjectStores.directory(directory.resolve("removals"));
                var recovery = new Recovery(store);
                Deployment from = source.deployment("source");
                Deployment to = Deployments.connect(uri(staging, RESTORE), "staging");
                Deployment administrators = staging.deployment("staging")) {
            recovery.backup(from, 1);
            Map<String, String> told = new TreeMap<>();
            for (Removal removal : removals(RESTORE)) {
                grant(staging, RESTORE, removal.left);
                told.put(removal.name, toldOf(recovery.drill(to, "latest", "drill-" + told.size())));
                clean(administrators, removal);
            }
            assertThat(told).hasSizeGreaterThanOrEqualTo(14).allSatisfy(AccessControlIT::isDeniedByName);
        } finally {
            grant(staging, RESTORE, privileges(RESTORE));
        }
    }

    @Test
    void anArchiverNeedsEveryActionOfItsRoleAndNamesTheOneThatIsMissing() throws IOException {
        DocumentedRole.of(ARCHIVE).make(source, RealCall.SECRET);
        archiveAs(ARCHIVE, "whole").succeed("oplog", "archive", "--once");
        Map<String, String> told = new TreeMap<>();
        for (Removal removal : removals(ARCHIVE)) {
            grant(source, ARCHIVE, removal.left);
            Told denied = archiveAs(ARCHIVE, "removal-" + told.size()).fail(41, "oplog", "archive", "--once");
            told.put(removal.name, FailureKind.ACCESS_DENIED + " " + denied.message() + " " + denied.hint());
        }
        assertThat(told).hasSizeGreaterThanOrEqualTo(6).allSatisfy(AccessControlIT::isDeniedByName);
    }

    private RealCall archiveAs(String role, String desk) throws IOException {
        return new RealCall(Files.createDirectories(directory.resolve(desk)))
                .with("FIREDRILL_SOURCE_URI", uri(source, role))
                .with("FIREDRILL_READ_FROM", "primary");
    }

    /** As the command makes one: with an eye on the source's load. */
    private static String toldOfWatchedBackup(Recovery recovery, Deployment deployment, BackupId id) {
        var gate = new ReadGate(2, 0, System::nanoTime);
        try (var _ = new SourceWatch(deployment, deployment, new LoadLimits(Optional.empty()), gate)) {
            return toldOf(recovery.reading(deployment, gate).backup(deployment, id, Set.of()));
        } catch (Failure failure) {
            return told(failure);
        }
    }

    private static String told(Failure failure) {
        return failure.kind() + " " + failure.text() + " " + failure.hint();
    }

    private static String toldOf(Ended ended) {
        return Failure.in(ended.failure())
                .map(AccessControlIT::told)
                .orElse("not needed: it ended with " + ended.failure());
    }

    private static void isDeniedByName(String removed, String told) {
        String action = removed.substring(0, removed.indexOf(' '));
        assertThat(told)
                .as(removed)
                .startsWith(FailureKind.ACCESS_DENIED.name())
                .contains("'" + action + "'");
    }

    private static void clean(Deployment deployment, Removal removal) {
        var marker = new StagingMarker(deployment);
        if (marker.read().isPresent()) {
            new StagingCleaner(deployment, marker).clean();
        }
        assertThat(new CatalogReader(deployment).databases())
                .as("left after %s", removal.name)
                .isEmpty();
    }

    /**
     * @param name the action and what it was allowed on
     * @param left the privileges without it
     */
    private record Removal(String name, List<Document> left) {}

    private static List<Removal> removals(String role) {
        List<Removal> all = new ArrayList<>();
        List<Document> privileges = privileges(role);
        for (int i = 0; i < privileges.size(); i++) {
            for (String action : privileges.get(i).getList("actions", String.class)) {
                String resource =
                        privileges.get(i).get("resource", Document.class).toJson();
                all.add(new Removal(action + " on " + resource, without(role, i, action)));
            }
        }
        return all;
    }

    private static List<Document> without(String role, int privilege, String action) {
        List<Document> left = privileges(role);
        List<String> actions = new ArrayList<>(left.get(privilege).getList("actions", String.class));
        assertThat(actions.remove(action)).as("%s has %s", role, action).isTrue();
        left.get(privilege).put("actions", actions);
        left.removeIf(each -> each.getList("actions", String.class).isEmpty());
        return left;
    }

    /** As the program ships them. */
    private static List<Document> privileges(String role) {
        return new ArrayList<>(DocumentedRole.of(role).privileges());
    }

    private static void grant(MongodServer server, String role, List<Document> privileges) {
        try (MongoClient client = server.client()) {
            client.getDatabase("admin").runCommand(new Document("updateRole", role).append("privileges", privileges));
        }
    }

    private static String uri(MongodServer server, String role) {
        return server.uri(role + ":" + RealCall.SECRET + "@");
    }
}
