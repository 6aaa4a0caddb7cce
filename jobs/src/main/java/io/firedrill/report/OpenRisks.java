package io.firedrill.report;

import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.evidence.RehearsalFacts.OfProperty;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What somebody accepted although a rehearsal had shown that it does not hold, or could not try it. A later rehearsal of the
 * same change in which it holds, or fails without anybody having said why it may, closes it.
 */
final class OpenRisks {
    private static final String ACCEPTED = "accepted: ";

    private final Map<Key, Risk> open = new LinkedHashMap<>();

    private record Key(String database, String change, String property) {}

    /**
     * One accepted risk.
     *
     * @param reason as it was given
     * @param source of the run that the rehearsal used the backup of; empty where it does not tell
     */
    record Risk(
            long seq,
            Instant since,
            String change,
            String property,
            String database,
            String reason,
            String operator,
            String source) {}

    void rehearsed(Run run, RehearsalFacts facts) {
        for (OfChange change : facts.changes()) {
            for (OfProperty property : change.properties()) {
                var key = new Key(facts.database(), change.name(), property.property());
                if (isAccepted(property)) {
                    open.put(key, risk(run, facts, change, property));
                } else if (property.grade() != Grade.NOT_TESTED) {
                    open.remove(key);
                }
            }
        }
    }

    /** What could not be tried is not graded as accepted, but says so. */
    private static boolean isAccepted(OfProperty property) {
        return property.grade() == Grade.ACCEPTED
                || (property.grade() == Grade.NOT_TESTED && property.detail().contains("; " + ACCEPTED));
    }

    private static Risk risk(Run run, RehearsalFacts facts, OfChange change, OfProperty property) {
        String detail = property.detail();
        int reason = detail.lastIndexOf(ACCEPTED);
        return new Risk(
                run.record().seq(),
                run.at(),
                change.name(),
                property.property(),
                facts.database(),
                reason < 0 ? detail : detail.substring(reason + ACCEPTED.length()),
                run.record().entry().operator(),
                run.source());
    }

    List<Risk> list() {
        return List.copyOf(open.values());
    }
}
