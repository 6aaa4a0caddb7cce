package io.firedrill.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.testing.MongodServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** A server ties a cursor to the session that opened it; lanes share one client, but must not mix up their sessions. */
class CursorsIT {
    private static final int DOCUMENTS = 400;

    @Test
    void manyLanesFollowTheirCursorsAtOnce() throws InterruptedException, ExecutionException {
        try (MongodServer server = MongodServer.replicaSet("source");
                MongoClient client = server.client();
                Deployment deployment = server.deployment("source");
                var lanes = Executors.newFixedThreadPool(4)) {
            List<Document> documents = IntStream.range(0, DOCUMENTS)
                    .mapToObj(id -> new Document("_id", id))
                    .toList();
            client.getDatabase("shop").getCollection("orders").insertMany(new ArrayList<>(documents));
            var find = new BsonDocument("find", new BsonString("orders")).append("batchSize", new BsonInt32(2));

            Callable<List<BsonValue>> read = () -> deployment.all("shop", find);
            for (Future<List<BsonValue>> found : lanes.invokeAll(Collections.nCopies(8, read))) {
                assertThat(found.get()).hasSize(DOCUMENTS);
            }
        }
    }
}
