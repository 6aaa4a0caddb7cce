package io.firedrill.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import io.firedrill.mongo.StrictWriter.Way;
import io.firedrill.testing.MongodServer;
import java.util.List;
import java.util.OptionalInt;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which documents a delete finds is what the server takes for one {@code _id}, no more and no less. */
class StrictWriterIT {
    private static MongodServer server;
    private static MongoClient client;
    private static Deployment target;
    private MongoCollection<BsonDocument> held;

    @BeforeAll
    static void start() {
        server = MongodServer.replicaSet("strict");
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
        held = client.getDatabase("strict").getCollection("c", BsonDocument.class);
        held.drop();
    }

    @Test
    void anIdThatDiffersInTheOrderOfItsFieldsIsAbsentBeforeAnythingIsDeleted() {
        held.insertOne(id("{a: 1, b: 2}"));

        assertThat(delete("{a: 1, b: 2}", "{b: 2, a: 1}")).hasValue(1);
        assertThat(held.countDocuments()).isEqualTo(1);
    }

    @Test
    void idsThatDifferInTheOrderOfTheirFieldsAreDeletedEach() {
        held.insertMany(List.of(id("{a: 1, b: 2}"), id("{b: 2, a: 1}")));

        assertThat(delete("{b: 2, a: 1}", "{a: 1, b: 2}")).isEmpty();
        assertThat(held.countDocuments()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            1 | {$numberLong: '1'}
            1 | {$numberDouble: '1'}
            {$numberDouble: '1'} | {$numberDecimal: '1.00'}
            {$numberDouble: '-0.0'} | {$numberDouble: '0.0'}
            {$numberDecimal: '-0E+3'} | 0
            {$numberDouble: 'NaN'} | {$numberDecimal: 'NaN'}
            {a: {b: 1}} | {a: {b: {$numberDouble: '1'}}}
            'text' | {$symbol: 'text'}
            """)
    void whatTheServerTakesForOneIdIsFound(String there, String asked) {
        held.insertOne(id(there));

        assertThat(delete("'another'", asked)).as("the other one").hasValue(0);
        assertThat(delete(asked)).isEmpty();
        assertThat(held.countDocuments()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {a: 1, b: 2} | {b: 2, a: 1}
            {a: {x: 1, y: 2}} | {a: {y: 2, x: 1}}
            {a: 1} | {b: 1}
            1 | '1'
            {$numberLong: '9007199254740993'} | {$numberDouble: '9007199254740992'}
            {$numberDouble: '0.1'} | {$numberDecimal: '0.1'}
            null | {}
            """)
    void whatTheServerTakesForTwoIdsIsNot(String there, String asked) {
        held.insertOne(id(there));

        assertThat(delete(there, asked)).hasValue(1);
        assertThat(held.countDocuments()).isEqualTo(1);
    }

    private OptionalInt delete(String... ids) {
        List<RawBsonDocument> keys = java.util.Arrays.stream(ids)
                .map(each -> new RawBsonDocument(id(each), new BsonDocumentCodec()))
                .toList();
        try (WriteChannel channel = WriteChannel.direct(target)) {
            return new StrictWriter(channel, new Namespace("strict", "c"), Way.FAST).delete(keys, false);
        }
    }

    private static BsonDocument id(String json) {
        return BsonDocument.parse("{_id: %s}".formatted(json));
    }
}
