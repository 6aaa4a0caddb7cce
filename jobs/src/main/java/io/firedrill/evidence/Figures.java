package io.firedrill.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/** The few numbers of the report's first screen, each with a name and a note. */
final class Figures {
    private final RunRecord record;
    private final JsonNode json;
    private final List<Map<String, String>> figures = new ArrayList<>();

    Figures(RunRecord record) {
        this.record = record;
        this.json = record.json();
    }

    List<Map<String, String>> list() {
        if (record.kind().recovers()) {
            recoveryPoint();
        } else {
            add("Duration", Units.duration(record.elapsedSeconds()), "from start to end");
        }
        if (record.kind() == RunKind.BACKUP) {
            backup();
        } else {
            checks();
            segments();
        }
        if (record.documents() > 0) {
            String size = Units.bytes(json.at("/scope/bytesRaw").asLong(0));
            long collections = json.at("/scope/collections").asLong(0);
            add("Documents", Units.count(record.documents()), "%s in %s".formatted(size, collections(collections)));
        }
        return figures;
    }

    private void recoveryPoint() {
        OptionalDouble age = record.rpoSeconds();
        if (age.isEmpty()) {
            return;
        }
        JsonNode target = json.at("/objectives/rpoSeconds");
        String against = target.isNumber()
                ? "%s the target of %s".formatted(record.rpoMet() ? "within" : "over", Units.brief(target.asDouble()))
                : "no target was set";
        add("Age of recovery point", Units.duration(age.getAsDouble()), against);
    }

    private void backup() {
        JsonNode backup = json.path("backup");
        if (!backup.isObject()) {
            return;
        }
        long segments = backup.path("segments").asLong(0);
        long reused = backup.path("segmentsReused").asLong(0);
        add("Stored", Units.bytes(backup.path("bytesStored").asLong(0)), "compressed, in the store");
        add("Segments", Units.count(segments), "%s were in the store already".formatted(Units.count(reused)));
    }

    private void checks() {
        long checks = record.checks();
        if (checks > 0) {
            add(
                    "Checks passed",
                    "%d / %d".formatted(record.checksPassed(), checks),
                    "listed below with what they saw",
                    record.checksPassed() < checks ? "short" : "");
        }
    }

    private void segments() {
        long all = sum("segments");
        if (all > 0) {
            String value = "%s / %s".formatted(Units.count(sum("segmentsEqual")), Units.count(all));
            add("Segments equal", value, "read back and compared by digest", sum("segmentsEqual") < all ? "short" : "");
        }
    }

    private long sum(String field) {
        return json.at("/verification/collections")
                .valueStream()
                .mapToLong(fact -> fact.path(field).asLong(0))
                .sum();
    }

    private static String collections(long count) {
        return count == 1 ? "1 collection" : Units.count(count) + " collections";
    }

    private void add(String name, String value, String note) {
        add(name, value, note, "");
    }

    private void add(String name, String value, String note, String state) {
        figures.add(Map.of("name", name, "value", value, "note", note, "state", state));
    }
}
