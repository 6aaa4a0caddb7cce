package io.firedrill.runner;

import io.firedrill.evidence.Receipt;
import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.failure.Failure;
import io.firedrill.migration.Estimates;
import io.firedrill.migration.Estimates.Size;
import io.firedrill.migration.Pace;
import io.firedrill.migration.ReleaseHistory;
import io.firedrill.mongo.Deployment;
import io.firedrill.restore.RestoreSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bson.BsonDocument;
import org.bson.BsonString;

/** How long changes will take on the source, told from a backup of it and from its earlier releases, or by asking it. */
final class Estimating {
    private Estimating() {}

    /** Without asking the source. */
    static UnaryOperator<RehearsalFacts> on(RestoreSource backup, ReleaseHistory history) {
        Map<String, Size> sizes = new HashMap<>();
        backup.amounts()
                .forEach((namespace, amount) ->
                        sizes.put(namespace.toString(), new Size(amount.documents(), amount.bytesRaw())));
        var estimates = new Estimates(Pace.of(history));
        return facts -> estimates.of(facts, name -> sizes.getOrDefault(name, Size.NOTHING));
    }

    /** What is planned by a receipt, for as many documents as there are now. */
    static ReleaseFacts now(Deployment deployment, ReleaseHistory history, Receipt receipt, ReleaseFacts planned) {
        var estimates = new Estimates(Pace.of(history));
        return planned.with(planned.changes().stream()
                .map(change -> change.estimated(receipt.facts().changes().stream()
                        .filter(each -> each.name().equals(change.name()))
                        .findFirst()
                        .flatMap(each -> estimates.now(each, name -> documents(deployment, name)))))
                .toList());
    }

    /** By the server's own count, which costs nothing; 0 where it cannot be told: an estimate is nothing to fail for. */
    private static long documents(Deployment deployment, String namespace) {
        int dot = namespace.indexOf('.');
        try {
            return deployment
                    .run(
                            namespace.substring(0, dot),
                            new BsonDocument("count", new BsonString(namespace.substring(dot + 1))))
                    .getNumber("n")
                    .longValue();
        } catch (Failure _) {
            return 0;
        }
    }
}
