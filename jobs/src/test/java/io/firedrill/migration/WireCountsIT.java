package io.firedrill.migration;

import static com.mongodb.client.model.Filters.eq;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoNamespace;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.Updates;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the proxy counts, held against what the server counts and against its oplog. */
class WireCountsIT {
    private static ProxyBench bench;

    @BeforeAll
    static void start() {
        bench = ProxyBench.started();
        bench.server().atRest();
    }

    @AfterAll
    static void stop() {
        bench.close();
    }

    private static long counted(WritesSeen seen, WriteVerb... verbs) {
        return seen.counts().stream()
                .filter(each -> Set.of(verbs).contains(each.verb()))
                .mapToLong(WriteCount::statements)
                .sum();
    }

    private static BsonTimestamp newest() {
        @Nullable
        Document newest = bench.direct()
                .getDatabase("local")
                .getCollection("oplog.rs")
                .find()
                .sort(new Document("$natural", -1))
                .first();
        return Objects.requireNonNull(newest).get("ts", new BsonTimestamp());
    }

    private static long opcounter(String name) {
        Document counters = bench.direct()
                .getDatabase("admin")
                .runCommand(new Document("serverStatus", 1))
                .get("opcounters", new Document());
        return Objects.requireNonNull(counters.get(name, Number.class)).longValue();
    }

    private static void everyWrite(MongoClient client, String name) {
        MongoDatabase database = client.getDatabase(name);
        database.createCollection("a");
        MongoCollection<Document> a = database.getCollection("a");
        a.insertOne(new Document("_id", 1));
        a.insertMany(
                IntStream.range(2, 12).mapToObj(i -> new Document("_id", i)).toList());
        a.updateOne(eq("_id", 1), Updates.set("x", 1));
        a.updateMany(new Document(), Updates.set("y", 1));
        a.deleteOne(eq("_id", 2));
        a.findOneAndUpdate(eq("_id", 1), Updates.set("z", 1));
        a.bulkWrite(List.of(
                new InsertOneModel<>(new Document("_id", 20)),
                new InsertOneModel<>(new Document("_id", 21)),
                new UpdateOneModel<>(eq("_id", 20), Updates.set("x", 2))));
        a.createIndex(new Document("x", 1));
        a.dropIndex("x_1");
        database.runCommand(new Document("collMod", "a").append("validationLevel", "moderate"));
        a.aggregate(List.of(Document.parse("{$match: {}}"), Document.parse("{$out: 'b'}")))
                .toCollection();
        a.aggregate(List.of(Document.parse("{$merge: {into: 'c'}}"))).toCollection();
        a.aggregate(List.of(Document.parse("{$match: {}}"))).first();
        a.find().first();
        database.getCollection("c").renameCollection(new MongoNamespace(name, "d"));
        database.getCollection("d").drop();
        database.getCollection(ProxyBench.BOOKS).insertOne(new Document("_id", "row"));
        database.getCollection(ProxyBench.LOCK).insertOne(new Document("_id", "lock"));
        database.getCollection(ProxyBench.BOOKS).createIndex(new Document("x", 1));
        try (ClientSession session = client.startSession()) {
            session.withTransaction(() -> a.updateOne(session, eq("_id", 3), Updates.set("t", 1)));
            session.startTransaction();
            a.insertOne(session, new Document("_id", 99));
            session.abortTransaction();
        }
        client.getDatabase(name + "-gone").getCollection("x").insertOne(new Document());
        client.getDatabase(name + "-gone").drop();
    }

    @Test
    void everyKindOfWriteIsCountedAsTheServerCountsIt() {
        long inserts = opcounter("insert");
        long updates = opcounter("update");
        long deletes = opcounter("delete");
        BsonTimestamp before = newest();
        WritesSeen seen;
        try (WireProxy proxy = bench.counting("every");
                MongoClient client = bench.client(proxy)) {
            everyWrite(client, "every");
            proxy.requireSound();
            seen = proxy.seen();
        }
        assertThat(ProxyBench.told(seen))
                .containsExactly(
                        "DATA create every.a 1/1",
                        "DATA insert every.a 3/13",
                        "DATA update every.a 3/3",
                        "DATA delete every.a 1/1",
                        "DATA findAndModify every.a 1/1",
                        "DATA createIndexes every.a 1/1",
                        "DATA dropIndexes every.a 1/1",
                        "DATA collMod every.a 1/1",
                        "DATA aggregate every.b 1/1",
                        "DATA aggregate every.c 1/1",
                        "DATA renameCollection every.c every.d 1/1",
                        "DATA drop every.d 1/1",
                        "ROW insert every.changelog 1/1",
                        "BOOKS insert every.lock 1/1",
                        "BOOKS createIndexes every.changelog 1/1",
                        "DATA update every.a in transaction 1/1",
                        "DATA commitTransaction  in transaction 1/1",
                        "DATA insert every.a in transaction 1/1",
                        "DATA abortTransaction  in transaction 1/1",
                        "DATA insert every-gone.x 1/1",
                        "DATA dropDatabase every-gone 1/1");
        assertThat(seen.data()).isEqualTo(22);
        assertThat(seen.rows()).isEqualTo(1);
        assertThat(opcounter("insert") - inserts)
                .as("with $out, which inserts each of its twelve documents")
                .isEqualTo(counted(seen, WriteVerb.INSERT) + 12);
        assertThat(opcounter("delete") - deletes).isEqualTo(counted(seen, WriteVerb.DELETE));
        assertThat(opcounter("update") - updates)
                .as("with $merge, which updates each of its twelve documents")
                .isEqualTo(counted(seen, WriteVerb.UPDATE) + 12);
        List<String> commands = oplog(before, "every");
        for (String each :
                List.of("create", "collMod", "renameCollection", "drop", "dropIndexes", "commitIndexBuild")) {
            assertThat(commands).as("the server's oplog").anyMatch(entry -> entry.startsWith(each));
        }
    }

    /** The first fields of the commands that the oplog has of one database. */
    private static List<String> oplog(BsonTimestamp since, String database) {
        return bench.direct()
                .getDatabase("local")
                .getCollection("oplog.rs")
                .find(Document.parse("{op: 'c', ns: '%s.$cmd'}".formatted(database))
                        .append("ts", new Document("$gt", since)))
                .map(entry -> entry.get("o", Document.class).keySet().iterator().next())
                .into(new ArrayList<>());
    }
}
