package io.firedrill.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.firedrill.testing.MongodServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonMaxKey;
import org.bson.BsonMinKey;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The document whose {@code _id} is MaxKey itself lies in the last range, however many ranges there are. */
class LastIdIT {
    @ParameterizedTest
    @ValueSource(
            strings = {"{create: 'plain'}", "{create: 'clustered', clusteredIndex: {key: {_id: 1}, unique: true}}"})
    void theRangesTogetherHoldEveryDocumentOnce(String create) {
        try (MongodServer server = MongodServer.replicaSet("ranges");
                MongoClient client = server.client();
                Deployment deployment = server.deployment("source")) {
            MongoDatabase shop = client.getDatabase("shop");
            Document command = Document.parse(create);
            String name = command.getString("create");
            shop.runCommand(command);
            for (Object id : List.of(new BsonMinKey(), 1, 2, "text", new BsonMaxKey())) {
                shop.getCollection(name).insertOne(new Document("_id", id));
            }
            UUID uuid = shop.listCollections(BsonDocument.class)
                    .into(new ArrayList<>())
                    .getFirst()
                    .getDocument("info")
                    .getBinary("uuid")
                    .asUuid();

            var bound = Optional.of(new BsonDocument("_id", new BsonInt32(2)));
            var namespace = new Namespace("shop", name);
            List<BsonValue> ids = new ArrayList<>();
            for (RangeScan scan : List.of(
                    new RangeScan(namespace, uuid, Optional.empty(), bound, Optional.empty()),
                    new RangeScan(namespace, uuid, bound, Optional.empty(), Optional.empty()))) {
                scan.read(
                        deployment,
                        (bytes, offset, length) -> ids.add(new RawBsonDocument(bytes, offset, length).get("_id")));
            }

            assertThat(ids).hasSize(5).doesNotHaveDuplicates();
            assertThat(ids.getLast()).isEqualTo(new BsonMaxKey());
        }
    }
}
