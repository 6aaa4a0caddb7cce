package io.firedrill.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Patience;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;

class CatalogReaderIT {
    private static final Duration ELECTION_MAX = Duration.ofSeconds(60);

    @Test
    void whatWasReadAcrossAnElectionIsReadAgain() {
        try (MongodServer server = MongodServer.replicaSet("orders");
                MongoClient client = server.client();
                Deployment source = server.deployment("source");
                var snapshot = new CappedSnapshot(source)) {
            client.getDatabase("shop").runCommand(Document.parse("{create: 'ring', capped: true, size: 4096}"));
            var looks = new AtomicInteger();

            var read = new CatalogReader(source).readAtFence("note", snapshot, _ -> {
                if (looks.incrementAndGet() == 1) {
                    elect(client.getDatabase("admin"));
                }
                return false;
            });

            assertThat(looks).as("times that the catalog was read").hasValue(2);
            assertThat(read.collections())
                    .extracting(CollectionShape::namespace)
                    .contains(new Namespace("shop", "ring"));
        }
    }

    /** The only member is elected again, in another term: to a reader it is all the same whether it was another. */
    private static void elect(MongoDatabase admin) {
        var hello = new Document("hello", 1);
        ObjectId before = admin.runCommand(hello).getObjectId("electionId");
        admin.runCommand(new Document("replSetStepDown", 1).append("force", true));
        Patience.await("it is elected again", ELECTION_MAX, () -> {
            Document now = admin.runCommand(hello);
            return now.getBoolean("isWritablePrimary") && !before.equals(now.getObjectId("electionId"));
        });
    }
}
