package io.firedrill.evidence;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A record in the index, one line of text.
 *
 * @param keyChange whether it says that it changes the key
 * @param problem why the record counts for nothing; empty where there is no reason
 * @param trace empty for what is no run, or not signed as it should be
 */
record IndexLine(long seq, long bytes, String sha256, boolean keyChange, String problem, Optional<RunTrace> trace) {
    private static final String BETWEEN = "\t";
    private static final int BARE = 5;
    private static final String CHANGE = "K";

    static IndexLine of(LedgerFiles files, long seq, long bytes, Map<String, VerifyingKey> published) {
        SeenEntry seen = SeenEntry.of(files, seq, published);
        Optional<RunTrace> trace = seen.trace().filter(_ -> seen.isSound() && seen.isInPlace(files));
        return new IndexLine(
                seq,
                bytes,
                seen.sha256(),
                seen.is(EntryKind.KEY_CHANGE),
                problem(seen, files, trace.isPresent()),
                trace);
    }

    private static String problem(SeenEntry seen, LedgerFiles files, boolean counts) {
        if (!seen.isSound()) {
            return seen.problem();
        }
        if (!seen.isInPlace(files)) {
            return "does not stand where it says it belongs";
        }
        return counts || !seen.is(EntryKind.RUN) ? "" : seen.unknown();
    }

    String text() {
        String head = String.join(
                BETWEEN, Long.toString(seq), Long.toString(bytes), sha256, keyChange ? CHANGE : "", plain(problem));
        return trace.map(run -> head + BETWEEN + text(run)).orElse(head);
    }

    private static String text(RunTrace run) {
        ObjectNode more = Json.object();
        run.schedule().ifPresent(schedule -> more.set("schedule", schedule.json()));
        run.missed().ifPresent(slot -> more.set("slot", slot.json()));
        String began = run.began().stream().map(IndexLine::number).collect(Collectors.joining(","));
        return Stream.of(
                        run.record(),
                        run.kind().word(),
                        run.source(),
                        number(run.at()),
                        began,
                        run.outcome().map(Outcome::name).orElse(""),
                        run.backupId(),
                        Boolean.toString(run.partial()),
                        Boolean.toString(run.refuted()),
                        more.isEmpty() ? "" : new String(Json.compact(more), StandardCharsets.UTF_8))
                .map(IndexLine::plain)
                .collect(Collectors.joining(BETWEEN));
    }

    private static String plain(String text) {
        return text.replaceAll("[\\t\\r\\n]", " ");
    }

    static IndexLine parse(String line) {
        String[] fields = line.split(BETWEEN, -1);
        Optional<RunTrace> trace = fields.length == BARE ? Optional.empty() : Optional.of(trace(fields));
        return new IndexLine(
                Long.parseLong(fields[0]),
                Long.parseLong(fields[1]),
                fields[2],
                fields[3].equals(CHANGE),
                fields[4],
                trace);
    }

    private static RunTrace trace(String[] fields) {
        Optional<ObjectNode> more = fields[14].isEmpty()
                ? Optional.empty()
                : Optional.of(Json.read(fields[14].getBytes(StandardCharsets.UTF_8), "index"));
        return new RunTrace(
                Long.parseLong(fields[0]),
                fields[5],
                RunKind.of(fields[6]),
                fields[7],
                instant(fields[8]),
                fields[9].isEmpty()
                        ? List.of()
                        : Arrays.stream(fields[9].split(",", -1))
                                .map(IndexLine::instant)
                                .toList(),
                fields[10].isEmpty() ? Optional.empty() : Optional.of(Outcome.valueOf(fields[10])),
                fields[11],
                Boolean.parseBoolean(fields[12]),
                Boolean.parseBoolean(fields[13]),
                more.map(json -> json.path("schedule"))
                        .filter(JsonNode::isObject)
                        .map(Schedule.Recorded::read),
                more.map(json -> json.path("slot")).filter(JsonNode::isObject).map(Slot::name));
    }

    /** Seconds since 1970 and nanoseconds: reading ten thousand times of the calendar takes longer than all else in a glance. */
    private static String number(Instant moment) {
        return moment.getEpochSecond() + "." + moment.getNano();
    }

    private static Instant instant(String number) {
        int point = number.indexOf('.');
        return Instant.ofEpochSecond(
                Long.parseLong(number, 0, point, 10), Long.parseLong(number, point + 1, number.length(), 10));
    }
}
