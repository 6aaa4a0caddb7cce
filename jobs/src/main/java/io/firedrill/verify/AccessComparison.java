package io.firedrill.verify;

import io.firedrill.evidence.Check;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.Principals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bson.RawBsonDocument;

/** Compares users and roles with those of the backup, credentials included. */
public final class AccessComparison {
    private static final String METHOD =
            "documents of admin.system.users and admin.system.roles, credentials included, read back and compared byte by byte";
    private static final int NAMES_MAX = 20;

    private AccessComparison() {}

    /**
     * @param expected of the backup, by collection
     */
    public static Check check(Deployment target, Map<Namespace, List<RawBsonDocument>> expected) {
        List<String> differing = new ArrayList<>();
        long population = 0;
        for (Map.Entry<Namespace, List<RawBsonDocument>> entry : expected.entrySet()) {
            population += entry.getValue().size();
            differing.addAll(differing(target, entry.getKey(), entry.getValue()));
        }
        long matched = population - differing.size();
        String wanted = population + " equal users and roles";
        String found = matched + " equal users and roles";
        return differing.isEmpty()
                ? Check.passed("users", METHOD, wanted, found, matched, population)
                : Check.failed(
                        "users",
                        METHOD,
                        wanted,
                        found,
                        matched,
                        population,
                        String.join(", ", differing.subList(0, Math.min(NAMES_MAX, differing.size()))));
    }

    private static List<String> differing(Deployment target, Namespace namespace, List<RawBsonDocument> expected) {
        Map<String, RawBsonDocument> found = new Principals(target)
                .find(namespace, expected.stream().map(Principals::idOf).toList());
        List<String> differing = new ArrayList<>();
        for (RawBsonDocument document : expected) {
            String id = Principals.idOf(document);
            RawBsonDocument other = found.get(id);
            if (other == null) {
                differing.add("missing " + id);
            } else if (!document.getByteBuffer()
                    .asNIO()
                    .equals(other.getByteBuffer().asNIO())) {
                differing.add("changed " + id);
            }
        }
        return differing;
    }
}
