package io.firedrill.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.testing.Fixtures;
import io.firedrill.testing.MongodServer;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a state says, compared with what the driver reads by itself; and that it takes little memory. */
class StateIT {
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);
    private static final int MANY = 100_000;

    private static MongodServer server;
    private static Deployment deployment;

    @BeforeAll
    static void start() {
        server = MongodServer.replicaSet("state");
        deployment = server.deployment("staging");
        try (MongoClient client = server.client()) {
            Fixtures.everything(client);
        }
    }

    @AfterAll
    static void stop() {
        deployment.close();
        server.close();
    }

    private static StateReader reader(Set<Namespace> leftOut) {
        return new StateReader(deployment, Fixtures.DATABASES, leftOut, 2, () -> {});
    }

    @Test
    void theExactDigestIsTheSumOfTheDigestsOfAllDocuments() {
        DatabaseState state = reader(Set.of()).read();
        try (MongoClient client = server.client()) {
            for (CollectionState collection : state.collections().values()) {
                if (collection.shape().hasDocuments()) {
                    List<RawBsonDocument> documents =
                            documents(client, collection.shape().namespace());
                    assertThat(collection.documents()).isEqualTo(documents.size());
                    assertThat(new BigInteger(collection.exact(), 16))
                            .as(collection.shape().namespace().toString())
                            .isEqualTo(sum(documents));
                }
            }
        }
        assertThat(state.documents()).isGreaterThan(12_000);
        assertThat(state.collections()).containsKeys(Namespace.parse("shop.recent"), Namespace.parse("odd.every type"));
    }

    private static List<RawBsonDocument> documents(MongoClient client, Namespace namespace) {
        return client.getDatabase(namespace.database())
                .getCollection(namespace.collection(), RawBsonDocument.class)
                .find()
                .into(new ArrayList<>());
    }

    private static BigInteger sum(List<RawBsonDocument> documents) {
        return documents.stream()
                .map(document -> new BigInteger(1, sha256(document)))
                .reduce(BigInteger.ZERO, BigInteger::add)
                .mod(MODULUS);
    }

    private static byte[] sha256(RawBsonDocument document) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(document.getByteBuffer().asNIO());
            return digest.digest();
        } catch (NoSuchAlgorithmException thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    @Test
    void readThreeTimesItIsTheSame() {
        DatabaseState first = reader(Set.of()).read();
        for (int time = 0; time < 2; time++) {
            DatabaseState again = reader(Set.of()).read();
            assertThat(again.digest()).isEqualTo(first.digest());
            StateComparison comparison = StateComparison.between(first, again);
            assertThat(comparison.level()).isEqualTo(Level.EXACT);
            assertThat(comparison.differing()).isEmpty();
            assertThat(comparison.recreated()).isEmpty();
        }
    }

    @Test
    void whatIsLeftOutIsNotInItAndWhatDoesNotExistHoldsNothing() {
        Namespace orders = Namespace.parse("shop.orders");
        assertThat(reader(Set.of(orders)).read().collections()).doesNotContainKey(orders);
        var nowhere = new StateReader(deployment, List.of("nowhere"), Set.of(), 1, () -> {});
        assertThat(nowhere.read().collections()).isEmpty();
        assertThat(nowhere.read().documents()).isZero();
    }

    @Test
    void readAgainOnlyWhatWasTouchedOrIsAnotherCollectionIsRead() {
        Namespace orders = Namespace.parse("again.orders");
        Namespace items = Namespace.parse("again.items");
        Namespace made = Namespace.parse("again.made");
        List<String> read = new ArrayList<>();
        var reader = new StateReader(deployment, List.of("again"), Set.of(), 1, () -> read.add("one"));
        try (MongoClient client = server.client()) {
            MongoDatabase again = client.getDatabase("again");
            List.of("orders", "items", "made")
                    .forEach(name -> again.getCollection(name).insertOne(new Document("_id", 1)));
            DatabaseState before = reader.read();
            assertThat(read).hasSize(3);
            for (String name : List.of("orders", "items")) {
                again.getCollection(name).insertOne(new Document("_id", 2));
                again.getCollection(name).createIndex(new Document("n", 1));
            }
            again.getCollection("made").drop();
            again.getCollection("made").insertMany(List.of(new Document("_id", 1), new Document("_id", 3)));
            read.clear();

            DatabaseState after = reader.readAgain(before, Set.of(orders));
            assertThat(read).hasSize(2);
            assertThat(documents(after, orders)).isEqualTo(2);
            assertThat(documents(after, made)).isEqualTo(2);
            assertThat(documents(after, items))
                    .as("taken for untouched, as the caller said")
                    .isEqualTo(1);
            StateComparison comparison = StateComparison.between(before, after);
            assertThat(comparison.collections())
                    .extracting(CollectionComparison::definition)
                    .containsExactly(
                            "has other indexes: [_id_, n_1] instead of [_id_]",
                            "",
                            "has other indexes: [_id_, n_1] instead of [_id_]");
            again.drop();
        }
    }

    private static long documents(DatabaseState state, Namespace namespace) {
        return Objects.requireNonNull(state.collections().get(namespace)).documents();
    }

    @Test
    void aHundredThousandDocumentsNeedNoMoreMemoryThanAFew() {
        try (MongoClient client = server.client()) {
            List<BsonDocument> batch = new ArrayList<>();
            String text = "x".repeat(1_500);
            for (int i = 0; i < MANY; i++) {
                batch.add(new BsonDocument("_id", new BsonInt32(i)).append("text", new BsonString(text)));
                if (batch.size() == 5_000) {
                    client.getDatabase("many")
                            .getCollection("large", BsonDocument.class)
                            .insertMany(batch);
                    batch.clear();
                }
            }
            String digest = new StateReader(deployment, List.of("many"), Set.of(), 1, () -> {})
                    .read()
                    .digest();
            assertThat(StateProcess.run("96m", server.uri(), "many")).contains("digest " + digest);
            client.getDatabase("many").drop();
        }
    }
}
