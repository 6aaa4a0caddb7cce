package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Manifest;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.RecoveryTarget;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.Compacting;
import io.firedrill.testing.HandmadeArchive;
import io.firedrill.testing.Kind;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Oracle;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.bson.BsonDateTime;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A synthetic backup of every kind of collection: what comes back of it is what the servers say of the source. */
class CompactedKindsIT {
    /** But for queryable encryption, which a standalone does not take: that is refused. */
    private static final Set<Kind> KINDS = EnumSet.complementOf(EnumSet.of(Kind.QUERYABLE_ENCRYPTION));

    @TempDir
    private static Path directory;

    private static MongodServer source;
    private static MongodServer staging;
    private static Ended restored;
    private static BackupPlan plan;

    @BeforeAll
    static void compactAndRestore() {
        source = MongodServer.replicaSet("source");
        staging = MongodServer.replicaSet("staging");
        try (MongoClient client = source.client();
                var recovery = new Recovery(ObjectStores.directory(directory.resolve("store")));
                Deployment from = source.deployment("source");
                Deployment to = staging.deployment("staging")) {
            KINDS.forEach(kind -> kind.make(client));
            client.getDatabase("shop")
                    .runCommand(Document.parse("{createUser: 'reader', pwd: 'secret', roles: ['read']}"));
            OpTime begin = from.fence("begin");
            recovery.backup(from, 1);
            change(client);
            OpTime end = from.fence("end");
            new HandmadeArchive(recovery.catalog()).archive(source, begin, end, 50);
            Manifest made = new Compacting(recovery, directory.resolve("room")).made(new RecoveryTarget.Latest());
            assertThat(made.consistencyPoint()).isEqualTo(end);
            plan = recovery.catalog().plan(made);
            restored = recovery.restoreWithUsers(to, made.id().value(), "r1");
        }
    }

    /** Something happens to each of those of which a server keeps more than documents. */
    private static void change(MongoClient client) {
        MongoDatabase capped = client.getDatabase("kind_capped");
        for (int i = 100; i < 110; i++) {
            capped.getCollection("few").insertOne(new Document("_id", i));
            capped.getCollection("ring").insertOne(new Document("_id", -i).append("text", "y".repeat(900)));
        }
        client.getDatabase("kind_clustered").getCollection("c").insertOne(new Document("_id", "later"));
        client.getDatabase("kind_time_series")
                .getCollection("weather")
                .insertOne(new Document("t", new BsonDateTime(1_790_000_000_000L)).append("v", 1));
        MongoDatabase views = client.getDatabase("kind_views");
        views.runCommand(Document.parse("{create: 'later', viewOn: 'a', pipeline: [], collation: {locale: 'fr'}}"));
        client.getDatabase("kind_collations").getCollection("words").insertOne(new Document("_id", "ö"));
        client.getDatabase("kind_validators")
                .runCommand(Document.parse("{collMod: 'strict error', validator: {n: {$type: 'string'}}}"));
        client.getDatabase("kind_many_collections").createCollection("later");
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
    }

    @Test
    void theRestoreIsProvenByItsOwnDigestsAndUsersCameAlong() {
        assertThat(restored.failure()).isNull();
        assertThat(restored.record().json().at("/verification/checks").findValuesAsString("id"))
                .contains("content", "definitions", "users");
        try (MongoClient client = staging.client()) {
            Document found = client.getDatabase("shop").runCommand(Document.parse("{usersInfo: 'reader'}"));
            assertThat(found.getList("users", Document.class)).hasSize(1);
        }
    }

    @Test
    void thePlanIsWhatTheSourceItselfLists() {
        Map<String, UUID> planned = new HashMap<>();
        plan.data()
                .forEach(shape -> shape.uuid()
                        .ifPresent(uuid -> planned.put(shape.namespace().toString(), uuid)));
        Map<String, UUID> listed = new HashMap<>();
        try (Deployment from = source.deployment("source")) {
            new CatalogReader(from)
                    .read().stream()
                            .filter(shape -> !shape.namespace().isSystem())
                            .forEach(shape -> shape.uuid()
                                    .ifPresent(
                                            uuid -> listed.put(shape.namespace().toString(), uuid)));
            assertThat(plan.identity().replicaSetId()).isEqualTo(from.identity().replicaSetId());
            assertThat(plan.identity().hosts()).isEqualTo(from.identity().hosts());
        }
        assertThat(planned).isEqualTo(listed).hasSizeGreaterThan(300);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "QUERYABLE_ENCRYPTION")
    void comesBackAsTheServerSaysItWas(Kind kind) {
        List<Oracle.Comparison> compared = kind.databases().stream()
                .map(database -> Oracle.compare(source, staging, database))
                .toList();
        assertThat(compared).allSatisfy(one -> {
            assertThat(one.collections()).isPositive();
            assertThat(one.content()).as("dbHash and buckets").isEmpty();
            assertThat(one.definitions()).as("listCollections").isEmpty();
            assertThat(one.indexes()).as("listIndexes").isEmpty();
        });
    }

    @Test
    void aCappedCollectionIsStillTheSequenceThatItWas() {
        for (String name : List.of("ring", "few", "worded")) {
            assertThat(all(staging, name)).as(name).isEqualTo(all(source, name)).isNotEmpty();
        }
    }

    private static List<Document> all(MongodServer server, String name) {
        try (MongoClient client = server.client()) {
            return client.getDatabase("kind_capped").getCollection(name).find().into(new ArrayList<>());
        }
    }
}
