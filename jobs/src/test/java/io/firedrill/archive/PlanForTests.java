package io.firedrill.archive;

import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.BackupPlan.Unit;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.CollectionShape.Kind;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;

/** A backup's plan, put together by hand; two collections share each unit. */
final class PlanForTests {
    private final List<CollectionShape> shapes = new ArrayList<>();

    PlanForTests collections(String... names) {
        for (String name : names) {
            add(name, Kind.COLLECTION, "{}");
        }
        return this;
    }

    PlanForTests timeSeries(String name) {
        Namespace namespace = Namespace.parse(name);
        add(name, Kind.TIMESERIES, "{}");
        return collections(namespace.buckets().toString());
    }

    PlanForTests view(String name, String options) {
        add(name, Kind.VIEW, options);
        return this;
    }

    PlanForTests encrypted(String name, String states) {
        add(name, Kind.COLLECTION, "{encryptedFields: {escCollection: '%s'}}".formatted(states));
        return this;
    }

    private void add(String name, Kind kind, String options) {
        shapes.add(new CollectionShape(
                Namespace.parse(name), kind, Optional.empty(), BsonDocument.parse(options), List.of(), false));
    }

    BackupPlan plan() {
        return new BackupPlan(
                new BackupId("20260101T000000Z-00000001"),
                "source",
                new DeploymentIdentity("set", "id", List.of("host:1"), List.of(), "6.0.5", "6.0", Optional.empty()),
                new OpTime(1, 1),
                Instant.EPOCH,
                shapes,
                units(),
                List.of());
    }

    private List<Unit> units() {
        List<Range> ranges = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            if (shapes.get(i).hasDocuments()) {
                ranges.add(new Range(i, Optional.empty(), Optional.empty()));
            }
        }
        List<Unit> units = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i += 2) {
            units.add(new Unit("%06d".formatted(i / 2), ranges.subList(i, Math.min(i + 2, ranges.size())), 0));
        }
        return units;
    }
}
