package io.firedrill.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import io.firedrill.mongo.BulkLoad.Order;
import io.firedrill.testing.MongodServer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is there already: the very documents are passed over, and nobody else's is written over. */
class BulkLoadIT {
    private static final String EMPTY_TIME = "{$timestamp: {t: 0, i: 0}}";

    private static MongodServer server;
    private static MongoClient client;
    private static Deployment target;
    private MongoDatabase database;
    private MongoCollection<BsonDocument> held;

    @BeforeAll
    static void start() {
        server = MongodServer.replicaSet("bulk");
        client = server.client();
        target = server.deployment("staging");
    }

    @AfterAll
    static void stop() {
        target.close();
        client.close();
        server.close();
    }

    @BeforeEach
    void empty() {
        database = client.getDatabase("bulk");
        held = database.getCollection("c", BsonDocument.class);
        held.drop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", EMPTY_TIME})
    void whatWasLoadedBeforeIsPassedOverThoughIdsDifferInTheOrderOfTheirFieldsOnly(String value) {
        database.createCollection("c");
        String[] documents = {
            "{_id: {a: 1, b: 2}, t: %s}".formatted(value), "{_id: {b: 2, a: 1}, t: %s}".formatted(value)
        };
        load(documents);

        assertThatCode(() -> load(documents)).doesNotThrowAnyException();
        assertThat(held()).containsExactlyInAnyOrder(written(documents[0]), written(documents[1]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{a: {$numberDouble: '1'}}", "{a: {$numberLong: '1'}}"})
    void anotherDocumentOfWhatTheServerTakesForOneIdIsSomebodyElses(String id) {
        String somebodyElses = "{_id: %s, t: %s}".formatted(id, EMPTY_TIME);
        database.createCollection("c");
        load(somebodyElses);

        for (String time : List.of(EMPTY_TIME, "1")) {
            assertThatThrownBy(() -> load("{_id: {a: 1}, t: %s}".formatted(time)))
                    .as(time)
                    .hasMessageContaining("already holds another document under an _id");
        }
        assertThat(held()).containsExactly(written(somebodyElses));
    }

    @Test
    void anotherDocumentOfOneWordOfACollationIsSomebodyElses() {
        database.runCommand(BsonDocument.parse("{create: 'c', collation: {locale: 'de', strength: 2}}"));
        load("{_id: 'WORD', t: %s}".formatted(EMPTY_TIME));

        for (String time : List.of(EMPTY_TIME, "1")) {
            assertThatThrownBy(() -> load("{_id: 'word', t: %s}".formatted(time)))
                    .as(time)
                    .hasMessageContaining("already holds another document under an _id");
        }
        assertThat(held()).containsExactly(written("{_id: 'WORD', t: %s}".formatted(EMPTY_TIME)));
    }

    private static void load(String... documents) {
        var bulk = new BulkLoad(target, new Namespace("bulk", "c"), Order.ANY);
        for (String document : documents) {
            ByteBuffer bytes = new RawBsonDocument(BsonDocument.parse(document), new BsonDocumentCodec())
                    .getByteBuffer()
                    .asNIO();
            bulk.add(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        }
        bulk.flush();
    }

    /** In a form that tells types and the order of fields apart. */
    private List<String> held() {
        return held.find().map(BulkLoadIT::written).into(new ArrayList<>());
    }

    private static String written(String json) {
        return written(BsonDocument.parse(json));
    }

    private static String written(BsonDocument document) {
        return document.toJson(
                JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED).build());
    }
}
