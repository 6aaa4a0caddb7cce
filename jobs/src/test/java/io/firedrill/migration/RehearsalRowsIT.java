package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.Receipt;
import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.failure.Failure;
import io.firedrill.mongo.Deployment;
import io.firedrill.testing.MongodServer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** What a release leaves for whoever looks at the database. */
class RehearsalRowsIT {
    private static Receipt receipt(int number, Outcome outcome) {
        Instant at = Instant.EPOCH.plusSeconds(number);
        var change = new RehearsalFacts.OfChange("c1", "ada", "C", "", List.of(), Optional.empty());
        return new Receipt(
                "r-" + number,
                "evidence/" + number,
                outcome,
                at,
                at.plusSeconds(9),
                Optional.empty(),
                "set",
                "8.0",
                new RehearsalFacts("mongock", "", "app.jar", "ab", "shop", true, List.of(change)),
                Optional.empty());
    }

    @Test
    void eachRehearsalHasItsRowOnceHoweverOftenItIsPutAndWhateverItCameTo() {
        try (MongodServer server = MongodServer.replicaSet("rs");
                MongoClient client = server.client();
                Deployment deployment = server.deployment("target")) {
            MongoCollection<Document> rows = client.getDatabase("firedrill").getCollection("migration_rehearsals");
            var table = new RehearsalRows(deployment, "firedrill", "shop");
            List<Receipt> all = IntStream.range(0, 1_003)
                    .mapToObj(i -> receipt(i, i % 2 == 0 ? Outcome.PASSED : Outcome.FAILED))
                    .toList();

            table.put(all.subList(0, 2));
            rows.updateOne(Filters.eq("_id", "r-0"), Updates.set("outcome", "as it was"));
            table.put(all);
            table.put(List.of());
            table.begun(
                    "a-1",
                    "migrations-apply",
                    Instant.EPOCH,
                    new ReleaseFacts("mongock", "app.jar", "ab", "shop", "r-1", "", "", List.of()));

            assertThat(rows.countDocuments()).isEqualTo(1_004);
            assertThat(rows.find(Filters.eq("_id", "r-0")).first()).containsEntry("outcome", "as it was");
            assertThat(rows.find(Filters.eq("_id", "r-1001")).first())
                    .containsEntry("kind", "migrations-rehearse")
                    .containsEntry("outcome", "FAILED")
                    .containsEntry("full", true)
                    .containsEntry("record", "evidence/1001");
            assertThat(rows.find(Filters.eq("_id", "a-1")).first()).containsEntry("outcome", "BEGUN");
        }
    }

    @Test
    void theDatabaseOfTheMigrationsIsNoPlaceForRows() {
        try (MongodServer server = MongodServer.replicaSet("rs");
                Deployment deployment = server.deployment("target")) {
            for (String taken : List.of("shop", "admin")) {
                assertThatThrownBy(() -> new RehearsalRows(deployment, taken, "shop"))
                        .isInstanceOf(Failure.class)
                        .hasMessageContaining("'%s', which is not Firedrill's own".formatted(taken));
            }
        }
    }
}
