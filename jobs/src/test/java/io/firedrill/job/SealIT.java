package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Updates;
import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.Seal;
import io.firedrill.backup.Coverage;
import io.firedrill.backup.ReadGate;
import io.firedrill.backup.SealTaker;
import io.firedrill.evidence.Check;
import io.firedrill.evidence.Check.Result;
import io.firedrill.evidence.Clocks;
import io.firedrill.mongo.Deployment;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.EveryWrite;
import io.firedrill.testing.Follower;
import io.firedrill.testing.Kind;
import io.firedrill.testing.MoneyMover;
import io.firedrill.testing.MongodServer;
import io.firedrill.verify.SealComparison;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A seal is what the source held at its moment, though the source is written in every way meanwhile. What that was, the
 * source's own oplog says: another mongod applied it from its first entry up to there. And whatever differs is named.
 */
class SealIT {
    private static final int ROUNDS = 2;
    private static final long BYTES_TARGET = 64 << 10;
    private static final List<Kind> KINDS =
            List.of(Kind.CAPPED, Kind.CLUSTERED, Kind.TIME_SERIES, Kind.VIEWS, Kind.COLLATIONS, Kind.VALIDATORS);

    @TempDir
    Path directory;

    @Test
    void aSealIsTheSourceAtItsMomentAndWhateverDiffersIsNamed() {
        long seed = System.nanoTime();
        try (MongodServer sourceServer = MongodServer.replicaSet("source");
                var follower = new Follower(sourceServer);
                Deployment source = sourceServer.deployment("source");
                Deployment copy = follower.server().deployment("staging");
                ObjectStore store = ObjectStores.directory(directory);
                MoneyMover money = new MoneyMover(sourceServer, seed).filled();
                EveryWrite writes = new EveryWrite(sourceServer, seed).filled()) {
            try (MongoClient client = sourceServer.client()) {
                KINDS.forEach(kind -> kind.make(client));
            }
            money.started();
            writes.started();
            var catalog = new BackupCatalog(store, "source");
            for (int round = 1; round <= ROUNDS; round++) {
                String which = "round %d with seed %d".formatted(round, seed);
                long before = money.transfers();
                Seal seal = take(source, catalog);
                assertThat(money.transfers()).as(which).isGreaterThan(before);
                assertThat(seal.cost().writes()).as(which).isPositive();
                assertThat(seal.cost().writeTime()).as(which).isPositive();
                Seal stored = catalog.seals().newest().orElseThrow();
                assertThat(stored.at()).as(which).isEqualTo(seal.at());
                assertThat(stored.ranges().equals(seal.ranges())).as(which).isTrue();
                follower.advance(seal.at());
                List<Check> checks = compare(copy, stored);
                assertThat(checks)
                        .as(which)
                        .hasSize(2)
                        .allSatisfy(check -> assertThat(check.detail()).isEmpty())
                        .allSatisfy(check -> assertThat(check.result()).isEqualTo(Result.PASSED))
                        .allSatisfy(check -> assertThat(check.matched()).isEqualTo(check.population()));
                assertThat(documentsOf(seal)).as(which).isEqualTo(counts(follower, seal));
            }
            assertThat(writes.rounds()).isPositive();
            assertThat(catalog.seals().list()).hasSize(ROUNDS);
            try (MongoClient client = follower.server().client()) {
                differences(client, copy, catalog.seals().newest().orElseThrow());
            }
        }
    }

    /** One thing after the other is made different; each is named, and nothing else is. */
    private static void differences(MongoClient client, Deployment copy, Seal seal) {
        MongoDatabase noise = client.getDatabase("noise");
        MongoCollection<Document> notes = noise.getCollection("notes");
        Document note = Objects.requireNonNull(notes.find().first());
        var which = Filters.eq("_id", note.get("_id"));
        notes.updateOne(which, Updates.set("text", "canary"));
        requireContent(copy, seal, "noise\\.notes, _id from .* to .*: \\d+ documents, not all of them equal");
        notes.deleteOne(which);
        requireContent(copy, seal, "noise\\.notes, _id from .* to .*: (\\d+) documents instead of (?!\\1)\\d+");
        notes.insertOne(note);

        MongoCollection<Document> words = client.getDatabase("kind_collations").getCollection("words");
        words.insertOne(new Document("_id", "canary"));
        requireContent(copy, seal, "kind_collations\\.words, all of it: \\d+ documents instead of \\d+");
        words.deleteOne(Filters.eq("_id", "canary"));

        MongoCollection<Document> nested = client.getDatabase("every").getCollection("nested");
        nested.insertOne(new Document("_id", new Document("a", "canary")));
        requireContent(copy, seal, "every\\.nested, _id from .* to .*: \\d+ documents instead of \\d+");
        nested.deleteOne(Filters.eq("_id", new Document("a", "canary")));

        MongoCollection<Document> mixed = client.getDatabase("every").getCollection("mixed");
        mixed.dropIndex("u_1");
        requireDefinition(copy, seal, "every.mixed has other indexes: [_id_] instead of [_id_, u_1]");
        mixed.createIndex(
                new Document("u", 1),
                new IndexOptions().unique(true).partialFilterExpression(new Document("u", new Document("$gt", 0))));

        MongoDatabase validators = client.getDatabase("kind_validators");
        validators.runCommand(new Document("collMod", "strict warn").append("validationAction", "error"));
        requireDefinition(copy, seal, "kind_validators.strict warn has other options: validationAction");
        validators.runCommand(new Document("collMod", "strict warn").append("validationAction", "warn"));

        MongoDatabase views = client.getDatabase("kind_views");
        Document view = Objects.requireNonNull(
                views.listCollections().filter(new Document("name", "joined")).first());
        List<Document> pipeline = view.get("options", Document.class).getList("pipeline", Document.class);
        views.runCommand(new Document("collMod", "joined")
                .append("viewOn", "z base")
                .append("pipeline", List.of(new Document("$match", new Document("n", "canary")))));
        requireDefinition(copy, seal, "kind_views.joined has other options: pipeline");
        views.runCommand(
                new Document("collMod", "joined").append("viewOn", "z base").append("pipeline", pipeline));

        noise.createCollection("surplus");
        requireDefinition(copy, seal, "noise.surplus should not be there");
        noise.getCollection("surplus").drop();
        assertThat(compare(copy, seal)).allMatch(check -> check.result() == Result.PASSED);

        client.getDatabase("kind_capped").getCollection("few").insertOne(new Document("_id", "canary"));
        requireContent(copy, seal, "kind_capped\\.few, all of it: 7 documents, not all of them equal");
        assertThat(compare(copy, seal.only(name -> !name.database().equals("kind_capped"))))
                .as("the other collections alone, while there is one that was not asked for")
                .extracting(Check::result)
                .containsExactly(Result.FAILED, Result.PASSED);
        client.getDatabase("kind_capped").drop();
        requireContent(copy, seal, "kind_capped.few is missing.*");
        assertThat(compare(copy, seal.only(name -> !name.database().equals("kind_capped"))))
                .extracting(Check::result)
                .containsExactly(Result.PASSED, Result.PASSED);
        assertThat(compare(copy, seal.only(name -> false)))
                .as("nothing was asked for")
                .extracting(Check::result)
                .containsOnly(Result.FAILED, Result.SKIPPED);
    }

    private static void requireContent(Deployment copy, Seal seal, String detail) {
        Check content = compare(copy, seal).getLast();
        assertThat(content.id()).isEqualTo("sealed-content");
        assertThat(content.result()).as(detail).isEqualTo(Result.FAILED);
        assertThat(content.detail()).matches(detail).doesNotContain("canary");
        assertThat(content.matched()).isLessThan(content.population());
    }

    private static void requireDefinition(Deployment copy, Seal seal, String detail) {
        List<Check> checks = compare(copy, seal);
        assertThat(checks.getFirst().id()).isEqualTo("sealed-definitions");
        assertThat(checks.getFirst().result()).as(detail).isEqualTo(Result.FAILED);
        assertThat(checks.getFirst().detail()).isEqualTo(detail);
        assertThat(checks.getLast().result()).as("content, %s", detail).isEqualTo(Result.PASSED);
    }

    private static Seal take(Deployment source, BackupCatalog catalog) {
        Clocks clocks = Clocks.system();
        var reading = new SealTaker.Reading(source, "primary", new ReadGate(2, 0, clocks.ticker()));
        var taker = new SealTaker(
                source, reading, catalog, new Coverage(Set.of()), BYTES_TARGET, clocks.wall(), clocks.ticker());
        return taker.take("test", () -> {}, bytes -> {});
    }

    private static List<Check> compare(Deployment target, Seal seal) {
        return new SealComparison(2, () -> {}, bytes -> {}).check(target, seal);
    }

    private static Map<String, Long> documentsOf(Seal seal) {
        var documents = new TreeMap<String, Long>();
        seal.ranges()
                .forEach(range -> documents.merge(
                        seal.collections().get(range.collection()).namespace().toString(),
                        range.documents(),
                        Long::sum));
        return documents;
    }

    /** What the other mongod counts. */
    private static Map<String, Long> counts(Follower follower, Seal seal) {
        var counts = new TreeMap<String, Long>();
        try (MongoClient client = follower.server().client()) {
            documentsOf(seal).keySet().forEach(name -> {
                int dot = name.indexOf('.');
                counts.put(
                        name,
                        client.getDatabase(name.substring(0, dot))
                                .getCollection(name.substring(dot + 1))
                                .countDocuments());
            });
        }
        return counts;
    }
}
