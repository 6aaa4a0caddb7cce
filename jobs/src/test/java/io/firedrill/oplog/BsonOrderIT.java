package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import io.firedrill.archive.BsonOrder;
import io.firedrill.testing.Kind;
import io.firedrill.testing.MongodServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.bson.BsonBinary;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonSymbol;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.Test;

/** In which order a server keeps ids, the server says. */
class BsonOrderIT {
    @Test
    void idsOfEveryTypeStandInTheOrderOfTheServersIndex() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        try (MongodServer server = MongodServer.replicaSet("source");
                MongoClient client = server.client()) {
            Kind.EVERY_ID.make(client);
            MongoCollection<BsonDocument> ids = client.getDatabase("order").getCollection("ids", BsonDocument.class);
            MongoDatabase every = client.getDatabase(Kind.EVERY_ID.databases().getFirst());
            for (String name : every.listCollectionNames()) {
                every.getCollection(name, BsonDocument.class)
                        .find()
                        .forEach(document -> put(ids, document.getOrDefault("_id", BsonNull.VALUE)));
            }
            for (int i = 0; i < 1_500; i++) {
                put(ids, any(random, 2));
            }
            List<BsonValue> inOrder = new ArrayList<>();
            ids.find()
                    .sort(new BsonDocument("_id", new BsonInt32(1)))
                    .forEach(found -> inOrder.add(found.getOrDefault("_id", BsonNull.VALUE)));
            for (int i = 1; i < inOrder.size(); i++) {
                assertThat(BsonOrder.INSTANCE.compare(inOrder.get(i - 1), inOrder.get(i)))
                        .as("%s and %s with seed %d", inOrder.get(i - 1), inOrder.get(i), seed)
                        .isNegative();
            }
            List<BsonValue> shuffled = new ArrayList<>(inOrder);
            Collections.shuffle(shuffled, random);
            shuffled.sort(BsonOrder.INSTANCE);
            assertThat(shuffled).as("with seed %d", seed).isEqualTo(inOrder);
        }
    }

    @Test
    void numbersThatTheServerTakesForTheSameAreOneId() {
        assertThat(CanonicalId.of(new BsonInt32(7)))
                .isEqualTo(CanonicalId.of(new BsonInt64(7)))
                .isEqualTo(CanonicalId.of(new BsonDouble(7)))
                .isEqualTo(CanonicalId.of(new BsonDecimal128(Decimal128.parse("7.00"))));
        assertThat(CanonicalId.of(new BsonDouble(-0.0))).isEqualTo(CanonicalId.of(new BsonInt32(0)));
        assertThat(CanonicalId.of(new BsonDocument("a", new BsonInt32(1))))
                .isEqualTo(CanonicalId.of(new BsonDocument("a", new BsonDouble(1))));
    }

    /** One that is there already, by the server's own understanding, is left. */
    private static void put(MongoCollection<BsonDocument> ids, BsonValue id) {
        try {
            ids.insertOne(new BsonDocument("_id", id));
        } catch (MongoWriteException refused) {
            assertThat(refused.getError().getCode()).isEqualTo(11000);
        }
    }

    private static BsonValue any(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 8 : 9)) {
            case 0 -> new BsonInt32(random.nextInt(200) - 100);
            case 1 -> new BsonInt64(random.nextLong() >> random.nextInt(64));
            case 2 -> new BsonDouble((random.nextInt(400) - 200) / 8.0);
            case 3 -> new BsonDouble(Double.longBitsToDouble(random.nextLong()));
            case 4 ->
                new BsonDecimal128(Decimal128.parse(
                        "%d.%dE%d".formatted(random.nextInt(200) - 100, random.nextInt(100), random.nextInt(12) - 6)));
            case 5 -> new BsonString(text(random));
            case 6 -> new BsonSymbol(text(random));
            case 7 -> new BsonBinary((byte) random.nextInt(2), new byte[] {(byte) random.nextInt(), 1});
            default ->
                new BsonDocument("abc".substring(random.nextInt(3)), any(random, depth - 1))
                        .append("z", any(random, depth - 1));
        };
    }

    private static String text(Random random) {
        return new String(Character.toChars(
                        List.of(97, 0xE9, 0xFFFD, 0x1F600, 0x20).get(random.nextInt(5))))
                + random.nextInt(50);
    }
}
