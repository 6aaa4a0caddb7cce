package io.firedrill.job;

import static com.mongodb.client.model.Filters.eq;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoClient;
import com.mongodb.client.model.Updates;
import io.firedrill.archive.Segment;
import io.firedrill.mongo.Deployment;
import io.firedrill.oplog.DeltaLimits;
import io.firedrill.restore.RestoreSource;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.RawBsonDocument;

/** The same with even ids, so that there is room between them, and within limits for deltas that a test can reach. */
abstract class DeltaFixture extends SpareFixture {
    DeltaFixture() {
        super(2, new DeltaLimits(0.1, 0, 100_000));
    }

    /** One in a hundred documents, another one each time; one is new and one is gone in each range. */
    void changeEverywhere(int round) {
        for (int i = round; i < DOCUMENTS; i += 100) {
            orders.updateOne(eq("_id", 2 * i), Updates.set("text", "changed " + round));
            orders.insertOne(new Document("_id", 2 * i + 1).append("new", round));
            orders.deleteOne(eq("_id", 2 * i + 20));
        }
    }

    static boolean isWriteTo(RawBsonDocument entry, int id) {
        return entry.get("o2") instanceof BsonDocument key
                && key.getNumber("_id").intValue() == id;
    }

    void requireRestoresTo(Predicate<String> changed) {
        try (Deployment staging = stagingServer.deployment("staging");
                MongoClient there = stagingServer.client()) {
            Ended ended =
                    recovery.restore(staging, Recovery.id(number).value(), "restore-" + directory.hashCode() + number);
            assertThat(ended.failure()).isNull();
            assertThat(there.getDatabase("shop").getCollection("orders").distinct("text", String.class))
                    .anyMatch(changed)
                    .allMatch(text -> text.startsWith("x") || changed.test(text));
            new StagingCleaner(staging, new StagingMarker(staging)).clean();
        }
    }

    /** By a query of the test's own and the JDK's digest. */
    void requireWhatAWholeReadingGives() throws Exception {
        var source = RestoreSource.of(recovery.catalog(), "latest");
        var raw = client.getDatabase("shop").getCollection("orders", RawBsonDocument.class);
        for (Segment segment : segments()) {
            FindIterable<RawBsonDocument> find = raw.find().hint(new Document("_id", 1));
            segment.min().ifPresent(find::min);
            segment.max().ifPresent(find::max);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            List<BsonValue> ids = new ArrayList<>();
            find.forEach(document -> {
                digest.update(document.getByteBuffer().asNIO());
                ids.add(document.get("_id"));
            });
            assertThat(source.digest(segment))
                    .as("range %s to %s, %d documents", segment.min(), segment.max(), ids.size())
                    .isEqualTo(HexFormat.of().formatHex(digest.digest()));
            assertThat(segment.documentsOfRange()).isEqualTo(ids.size());
        }
    }

    Path fileOf(Segment object) {
        return directory.resolve(recovery.catalog().segments().keyOf(object).value());
    }
}
