package io.firedrill.evidence;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What should run, and how late it may begin.
 *
 * @param source by its name in the store; empty where nobody named one
 * @param entries none: nothing is scheduled
 */
public record Schedule(String source, List<Entry> entries, Duration grace) {
    public Schedule {
        entries = List.copyOf(entries);
    }

    /** A kind of run and when it is due, as a cron expression of five fields in UTC. */
    public record Entry(RunKind kind, String cron) {
        @Override
        public String toString() {
            return kind.word() + " " + cron;
        }
    }

    /** A schedule as a record holds it: in force from that moment until a record of the same source holds another. */
    public record Recorded(Schedule schedule, Instant since) {
        ObjectNode json() {
            ObjectNode json = Json.object()
                    .put("source", schedule.source())
                    .put("since", since.toString())
                    .put("graceSeconds", Json.seconds(schedule.grace()));
            ArrayNode entries = json.putArray("entries");
            schedule.entries()
                    .forEach(entry ->
                            entries.addObject().put("kind", entry.kind().word()).put("cron", entry.cron()));
            return json;
        }

        /** Entries of kinds that only a newer version knows are passed over: this one cannot tell whether they ran. */
        static Recorded read(JsonNode json) {
            List<Entry> entries = json.path("entries")
                    .valueStream()
                    .flatMap(entry -> RunKind.named(entry.path("kind").asString(""))
                            .map(kind -> new Entry(kind, entry.path("cron").asString("")))
                            .stream())
                    .toList();
            Duration grace =
                    Duration.ofMillis(Math.round(json.path("graceSeconds").asDouble(0) * 1000));
            return new Recorded(
                    new Schedule(json.path("source").asString(""), entries, grace),
                    Instant.parse(json.path("since").asString("")));
        }
    }
}
