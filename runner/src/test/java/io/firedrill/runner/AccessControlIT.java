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
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.runner.RealCall.Told;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.CertificateAuthority;
import io.firedrill.testing.DocumentedRole;
import io.firedrill.testing.DocumentedRole.Removal;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private static final String RESTORE = "firedrillRestore";

    @TempDir
    static Path authority;

    private static MongodServer source;
    private static MongodServer staging;
    private static DocumentedRole backup;
    private static DocumentedRole restore;

    @TempDir
    Path directory;

    private RealCall call;

    @BeforeAll
    static void start() throws Exception {
        var signing = new CertificateAuthority(authority);
        source = MongodServer.guardedReplicaSet("orders", signing);
        staging = MongodServer.guardedReplicaSet("practice", signing);
        backup = DocumentedRole.of(BACKUP).make(source, RealCall.SECRET);
        restore = DocumentedRole.of(RESTORE).make(staging, RealCall.SECRET);
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
                .with("FIREDRILL_SOURCE_URI", RealCall.uri(source, BACKUP))
                .with("FIREDRILL_STAGING_URI", RealCall.uri(staging, RESTORE));
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

    /** All of this goes over TLS: without it nobody is heard, and a server is not believed unless its authority is named. */
    @Test
    void aServerIsReachedByTlsOnlyAndByItsOwnAuthorityOnly() {
        String trusting = RealCall.uri(source, BACKUP);
        String believingAnybody = (trusting + "&serverSelectionTimeoutMS=5000").replaceFirst("&tlsCAFile=[^&]*", "");
        String open = believingAnybody.replace("&tls=true", "");
        assertThat(open).isNotEqualTo(believingAnybody);
        assertThat(call.with("FIREDRILL_SOURCE_URI", open).fail(40, "backup").message())
                .contains("source 127.0.0.1:" + source.port());
        Told unbelieved = call.with("FIREDRILL_SOURCE_URI", believingAnybody).fail(40, "backup");
        assertThat(unbelieved.message())
                .contains("no TLS with source 127.0.0.1:" + source.port(), "PKIX path building failed");
        assertThat(unbelieved.hint()).contains("tlsCAFile");
        call.with("FIREDRILL_SOURCE_URI", trusting).succeed("backup");
    }

    @Test
    void aMissingPrivilegeIsNamedOnTheCommandLine() {
        backup.take(source, backup.removal("appendOplogNote"));
        Told told = call.fail(41, "backup");
        backup.giveBack(source);
        assertThat(told.message()).contains("source", "appendOplogNote");
        assertThat(told.hint()).contains("'appendOplogNote'", "docs/OPERATIONS.md");

        call.succeed("backup");
        restore.take(staging, restore.removal("createIndex"));
        Told denied = call.fail(41, "restore", "--confirm", "practice");
        restore.giveBack(staging);
        assertThat(denied.message()).contains("staging", "createIndexes on shop.orders");
        assertThat(denied.hint()).contains("'createIndex'");
        call.succeed("restore", "--confirm", "practice");
        call.succeed("staging", "clean", "--confirm", "practice");
    }

    @Test
    void aBackupNeedsEveryActionOfItsRoleAndNamesTheOneThatIsMissing() {
        try (ObjectStore store = ObjectStores.directory(directory.resolve("removals"));
                var recovery = new Recovery(store);
                Deployment deployment = Deployments.connect(RealCall.uri(source, BACKUP), "source")) {
            Map<Removal, String> told = new LinkedHashMap<>();
            for (Removal removal : backup.removals()) {
                backup.take(source, removal);
                told.put(removal, toldOfWatchedBackup(recovery, deployment, Recovery.id(told.size())));
            }
            assertThat(told).hasSizeGreaterThanOrEqualTo(10).allSatisfy(AccessControlIT::isDeniedByName);
        } finally {
            backup.giveBack(source);
        }
    }

    @Test
    void aRestoreNeedsEveryActionOfItsRoleAndNamesTheOneThatIsMissing() {
        try (ObjectStore store = ObjectStores.directory(directory.resolve("removals"));
                var recovery = new Recovery(store);
                Deployment from = source.deployment("source");
                Deployment to = Deployments.connect(RealCall.uri(staging, RESTORE), "staging");
                Deployment administrators = staging.deployment("staging")) {
            recovery.backup(from, 1);
            Map<Removal, String> told = new LinkedHashMap<>();
            for (Removal removal : restore.removals()) {
                restore.take(staging, removal);
                told.put(removal, toldOf(recovery.drill(to, "latest", "drill-" + told.size())));
                Leftovers.clean(administrators, removal);
            }
            assertThat(told).hasSizeGreaterThanOrEqualTo(14).allSatisfy(AccessControlIT::isDeniedByName);
        } finally {
            restore.giveBack(staging);
        }
    }

    @Test
    void anArchiverNeedsEveryActionOfItsRoleAndNamesTheOneThatIsMissing() throws IOException {
        DocumentedRole archive = DocumentedRole.of("firedrillArchive").make(source, RealCall.SECRET);
        archiveAs(archive, "whole").succeed("oplog", "archive", "--once");
        Map<Removal, String> told = new LinkedHashMap<>();
        for (Removal removal : archive.removals()) {
            archive.take(source, removal);
            Told denied = archiveAs(archive, "removal-" + told.size()).fail(41, "oplog", "archive", "--once");
            told.put(removal, FailureKind.ACCESS_DENIED + " " + denied.message() + " " + denied.hint());
        }
        assertThat(told).hasSizeGreaterThanOrEqualTo(6).allSatisfy(AccessControlIT::isDeniedByName);
    }

    private RealCall archiveAs(DocumentedRole role, String desk) throws IOException {
        return new RealCall(Files.createDirectories(directory.resolve(desk)))
                .with("FIREDRILL_SOURCE_URI", RealCall.uri(source, role.name()))
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

    private static void isDeniedByName(Removal removed, String told) {
        assertThat(told)
                .as(removed.toString())
                .startsWith(FailureKind.ACCESS_DENIED.name())
                .contains("'" + removed.action() + "'");
    }
}
