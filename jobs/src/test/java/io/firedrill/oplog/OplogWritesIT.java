package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.testing.EntryForm;
import io.firedrill.testing.MongodServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What was written in a span: counted by hand, by the server's counters, and by an aggregation over its oplog. */
class OplogWritesIT {
    private static MongodServer server;
    private static Deployment deployment;
    private static MongoClient client;

    @BeforeAll
    static void start() {
        server = MongodServer.replicaSet("writes", "--setParameter", "enableTestCommands=1")
                .atRest();
        deployment = server.deployment("staging");
        client = server.client();
    }

    @AfterAll
    static void stop() {
        client.close();
        deployment.close();
        server.close();
    }

    private static OplogWrites during(Runnable work, Namespace... own) {
        OpTime after = deployment.fence("after");
        work.run();
        return OplogWrites.between(deployment, after, deployment.fence("until"), Set.of(own));
    }

    private static CollectionWrites of(OplogWrites writes, String namespace) {
        return Objects.requireNonNull(writes.data().get(Namespace.parse(namespace)), namespace);
    }

    @Test
    void everyWriteIsCountedOnceAndTheToolsOwnApart() {
        MongoDatabase shop = client.getDatabase("shop");
        MongoCollection<Document> orders = shop.getCollection("orders");
        orders.insertMany(
                IntStream.range(0, 10).mapToObj(i -> new Document("_id", i)).toList());
        Namespace changelog = Namespace.parse("shop.changelog");
        OplogWrites writes = during(
                () -> {
                    orders.insertOne(new Document("_id", 10));
                    orders.updateMany(Filters.lt("_id", 3), Updates.set("n", 1));
                    orders.updateOne(Filters.eq("_id", 0), Updates.set("n", 2));
                    orders.updateOne(Filters.eq("_id", 0), Updates.set("n", 2));
                    orders.deleteOne(Filters.eq("_id", 9));
                    orders.createIndex(new Document("n", 1));
                    shop.runCommand(Document.parse("{collMod: 'orders', validator: {n: {$exists: true}}}"));
                    shop.getCollection("changelog").insertOne(new Document("_id", "C1"));
                },
                changelog);
        CollectionWrites counted = of(writes, "shop.orders");
        assertThat(counted.inserts()).isEqualTo(1);
        assertThat(counted.updates()).as("one of them changed nothing").isEqualTo(4);
        assertThat(counted.deletes()).isEqualTo(1);
        assertThat(counted.operations()).isEqualTo(6);
        assertThat(counted.documents()).isEqualTo(5);
        assertThat(counted.counted()).isTrue();
        assertThat(counted.commands()).containsOnlyKeys("startIndexBuild", "commitIndexBuild", "collMod");
        assertThat(writes.touched()).containsExactly(Namespace.parse("shop.orders"));
        assertThat(writes.operations()).isEqualTo(6);
        assertThat(writes.own()).containsOnlyKeys(changelog);
        CollectionWrites books = Objects.requireNonNull(writes.own().get(changelog));
        assertThat(books.inserts()).isEqualTo(1);
        assertThat(books.commands()).containsOnlyKeys("create");
        assertThat(writes.transactions()).isZero();
        assertThat(writes.first()).isPresent();
        assertThat(writes.first().orElseThrow()).isLessThan(writes.last().orElseThrow());
        shop.drop();
    }

    @Test
    void whereNothingWasWrittenNothingIsTold() {
        OplogWrites writes = during(() -> deployment.fence("in between"));
        assertThat(writes.data()).isEmpty();
        assertThat(writes.own()).isEmpty();
        assertThat(writes.bytes()).isZero();
        assertThat(writes.first()).isEmpty();
        assertThat(writes.last()).isEmpty();
    }

    @Test
    void aTransactionCountsWhereItIsCommittedAndOneThatIsAbortedNowhere() {
        MongoCollection<Document> orders = client.getDatabase("bank").getCollection("orders");
        orders.insertOne(new Document("_id", 0));
        OplogWrites committed = during(() -> transaction(orders, true));
        assertThat(of(committed, "bank.orders").inserts()).isEqualTo(2);
        assertThat(committed.transactions()).isEqualTo(1);
        OplogWrites aborted = during(() -> transaction(orders, false));
        assertThat(aborted.data()).isEmpty();
        assertThat(aborted.transactions()).isZero();
        client.getDatabase("bank").drop();
    }

    @Test
    void whatIsWrittenByTheOneTransactionThatHoldsAllDataIsTold() {
        MongoDatabase bank = client.getDatabase("bank");
        Namespace changelog = Namespace.parse("bank.changelog");
        MongoCollection<Document> orders = bank.getCollection("orders");
        MongoCollection<Document> rows = bank.getCollection("changelog");
        orders.insertOne(new Document("_id", 0));
        rows.insertOne(new Document("_id", 0));
        Runnable both = () -> together(orders, rows);
        assertThat(during(both, changelog).together())
                .containsExactlyInAnyOrder(Namespace.parse("bank.orders"), changelog);
        assertThat(during(
                                () -> {
                                    rows.insertOne(new Document());
                                    both.run();
                                },
                                changelog)
                        .together())
                .as("of the tool's own books something may come before it")
                .contains(changelog);
        assertThat(during(
                                () -> {
                                    orders.insertOne(new Document());
                                    both.run();
                                },
                                changelog)
                        .together())
                .as("of the data nothing may")
                .isEmpty();
        assertThat(during(
                                () -> {
                                    orders.insertOne(new Document());
                                    rows.insertOne(new Document());
                                },
                                changelog)
                        .together())
                .as("one after the other")
                .doesNotContain(changelog);
        bank.drop();
    }

    private static void together(MongoCollection<Document> orders, MongoCollection<Document> rows) {
        try (ClientSession session = client.startSession()) {
            session.startTransaction();
            orders.insertOne(session, new Document());
            rows.insertOne(session, new Document());
            session.commitTransaction();
        }
    }

    private static void transaction(MongoCollection<Document> orders, boolean commit) {
        try (ClientSession session = client.startSession()) {
            session.startTransaction();
            orders.insertOne(session, new Document());
            orders.insertOne(session, new Document());
            if (commit) {
                session.commitTransaction();
            } else {
                session.abortTransaction();
            }
        }
    }

    @Test
    void aTransactionThatWasPreparedBeforeTheSpanCountsInIt() {
        MongoDatabase bank = client.getDatabase("prepared");
        bank.getCollection("orders").insertOne(new Document("_id", 0));
        try (ClientSession session = client.startSession()) {
            session.startTransaction();
            bank.getCollection("orders").insertOne(session, new Document("_id", 1));
            OplogWrites prepared = during(() -> client.getDatabase("admin")
                    .runCommand(session, Document.parse("{prepareTransaction: 1, writeConcern: {w: 'majority'}}")));
            assertThat(prepared.data()).isEmpty();
            assertThat(prepared.bytes()).isZero();
            OplogWrites committed = during(() -> client.getDatabase("admin")
                    .runCommand(
                            session,
                            new Document("commitTransaction", 1)
                                    .append("commitTimestamp", session.getOperationTime())));
            assertThat(of(committed, "prepared.orders").inserts()).isEqualTo(1);
            assertThat(committed.transactions()).isEqualTo(1);
        }
        bank.drop();
    }

    @Test
    void aRenameIsAboutBothNamesAndADroppedDatabaseAboutNone() {
        MongoDatabase moved = client.getDatabase("moved");
        moved.getCollection("a").insertOne(new Document());
        OplogWrites writes = during(() -> {
            moved.runCommand(new Document("ping", 1));
            client.getDatabase("admin").runCommand(Document.parse("{renameCollection: 'moved.a', to: 'moved.b'}"));
        });
        assertThat(writes.touched()).containsExactly(Namespace.parse("moved.a"), Namespace.parse("moved.b"));
        assertThat(of(writes, "moved.a").commands()).containsOnlyKeys("renameCollection");
        assertThat(of(writes, "moved.a").bytes() + of(writes, "moved.b").bytes())
                .isEqualTo(writes.bytes());
        OplogWrites dropped = during(moved::drop);
        assertThat(of(dropped, "moved.b").commands()).containsOnlyKeys("drop");
        assertThat(of(dropped, "moved.$cmd").commands()).containsOnlyKeys("dropDatabase");
    }

    @Test
    void whatTheOplogNoLongerHoldsIsNoSilentLoss() {
        Failure failure = catchThrowableOfType(
                Failure.class,
                () -> OplogWrites.between(deployment, new OpTime(1, 1), deployment.fence("until"), Set.of()));
        assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        assertThat(failure.text()).contains("does not reach back to 1,1");
    }

    @Test
    void theServersCountersSayTheSame() {
        MongoCollection<Document> orders = client.getDatabase("counted").getCollection("orders");
        orders.insertOne(new Document("_id", -1));
        Document before = counters();
        OplogWrites writes = during(() -> {
            for (int i = 0; i < 60; i++) {
                orders.insertOne(new Document("_id", i));
            }
            for (int i = 0; i < 40; i++) {
                orders.updateOne(Filters.eq("_id", i), Updates.set("n", i));
            }
            for (int i = 0; i < 20; i++) {
                orders.deleteOne(Filters.eq("_id", i));
            }
        });
        Document after = counters();
        CollectionWrites counted = of(writes, "counted.orders");
        assertThat(counted.inserts()).isEqualTo(difference(before, after, "insert"));
        assertThat(counted.updates()).isEqualTo(difference(before, after, "update"));
        assertThat(counted.deletes()).isEqualTo(difference(before, after, "delete"));
        client.getDatabase("counted").drop();
    }

    private static Document counters() {
        return client.getDatabase("admin")
                .runCommand(new Document("serverStatus", 1))
                .get("opcounters", Document.class);
    }

    private static long difference(Document before, Document after, String counter) {
        return number(after, counter) - number(before, counter);
    }

    private static long number(Document document, String field) {
        return Objects.requireNonNull(document.get(field, Number.class)).longValue();
    }

    /** All forms that an entry can have: what the server itself finds in its oplog, without a word of ours. */
    @Test
    void ofEveryFormOfEntryTheServersOwnAggregationSaysTheSame() {
        for (EntryForm form : EntryForm.all()) {
            MongoDatabase database = client.getDatabase(form.database());
            form.prepare().accept(client, database);
            OpTime after = deployment.fence("after");
            form.write().accept(client, database);
            OpTime until = deployment.fence("until");
            OplogWrites writes = OplogWrites.between(deployment, after, until, Set.of());
            Map<String, Long> ours = new TreeMap<>();
            writes.data().forEach((namespace, counted) -> {
                put(ours, namespace + " i", counted.inserts());
                put(ours, namespace + " u", counted.updates());
                put(ours, namespace + " d", counted.deletes());
            });
            assertThat(ours).as(form.name()).isEqualTo(aggregated(form, after, until));
            long named = writes.data().values().stream()
                    .mapToLong(CollectionWrites::bytes)
                    .sum();
            assertThat(named)
                    .as("bytes of %s", form.name())
                    .isBetween(writes.data().isEmpty() ? 0L : 1L, writes.bytes());
            form.databases().forEach(name -> client.getDatabase(name).drop());
        }
    }

    private static void put(Map<String, Long> counts, String what, long count) {
        if (count > 0) {
            counts.put(what, count);
        }
    }

    private static Map<String, Long> aggregated(EntryForm form, OpTime after, OpTime until) {
        Map<String, Long> counts = new TreeMap<>();
        if (form.name().equals("transaction aborted")) {
            // The parts of an aborted one are in the oplog all the same.
            return counts;
        }
        List<BsonDocument> pipeline = List.of(
                new BsonDocument(
                        "$match",
                        new BsonDocument(
                                "ts", new BsonDocument("$gt", after.timestamp()).append("$lte", until.timestamp()))),
                BsonDocument.parse("{$addFields: {all: {$ifNull: ['$o.applyOps', ['$$ROOT']]}}}"),
                BsonDocument.parse("{$unwind: '$all'}"),
                BsonDocument.parse("{$match: {'all.op': {$in: ['i', 'u', 'd']}, 'all.ns': {$not: /^config\\./}}}"),
                BsonDocument.parse("{$group: {_id: {$concat: ['$all.ns', ' ', '$all.op']}, n: {$sum: 1}}}"));
        client.getDatabase("local")
                .getCollection("oplog.rs")
                .aggregate(pipeline)
                .into(new ArrayList<>())
                .forEach(found -> counts.put(found.getString("_id"), number(found, "n")));
        return counts;
    }
}
