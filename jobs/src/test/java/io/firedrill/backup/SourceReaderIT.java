package io.firedrill.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.testing.MongodServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.bson.BsonArray;
import org.bson.BsonInt32;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

class SourceReaderIT {
    private static final Range ALL = new Range(0, Optional.empty(), Optional.empty());
    private static final BsonArray IDS = new BsonArray(List.of(new BsonInt32(1), new BsonInt32(3)));

    /** What is looked up is what the oplog spoke of up to the plan's moment: of a later one it has not been asked. */
    @Test
    void documentsAreLookedUpAtThePlansMomentAndAtNoLaterOne() {
        try (MongodServer server = MongodServer.replicaSet("orders");
                MongoClient client = server.client();
                Deployment source = server.deployment("source")) {
            client.getDatabase("shop")
                    .getCollection("orders")
                    .insertMany(List.of(new Document("_id", 1), new Document("_id", 2), new Document("_id", 3)));
            BackupPlan plan = plan(source);
            var nanos = new AtomicLong();
            var moments = new Moments(source, source, plan, new Coverage(Set.of()), nanos::get);
            var reader = new SourceReader(source, source, moments);

            List<BsonValue> found = new ArrayList<>();
            reader.lookUp(plan, ALL, IDS)
                    .orElseThrow()
                    .read((bytes, offset, length) -> found.add(new RawBsonDocument(bytes, offset, length).get("_id")));
            assertThat(found).isEqualTo(IDS);

            nanos.addAndGet(Duration.ofHours(1).toNanos());
            assertThat(reader.lookUp(plan, ALL, IDS)).isEmpty();
        }
    }

    private static BackupPlan plan(Deployment source) {
        return new BackupPlan(
                new BackupId("20260101T000000Z-00000001"),
                "orders",
                new DeploymentIdentity("orders", "id", List.of("host:1"), List.of(), "6.0.5", "6.0", Optional.empty()),
                source.fence("test"),
                Instant.EPOCH,
                new CatalogReader(source).read(),
                List.of(),
                List.of());
    }
}
