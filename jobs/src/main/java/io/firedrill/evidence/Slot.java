package io.firedrill.evidence;

import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A moment at which a run was due by a schedule that was in force.
 *
 * @param cron of the schedule's entry; of several of one kind that are due at one moment, the first
 * @param grace how long after it the run may begin
 */
public record Slot(String source, RunKind kind, String cron, Instant due, Duration grace) {
    /** After this, no run can meet it any more. */
    public Instant until() {
        return due.plus(grace);
    }

    /** Two slots of one name are the same one, whatever the schedule said of it. */
    public record Name(String source, RunKind kind, Instant due) {
        /** What there is to say of it where it was missed and has no record. */
        public String unrecorded() {
            return "due %s, no record; run 'firedrill evidence reconcile'".formatted(due);
        }

        ObjectNode json() {
            return Json.object().put("source", source).put("kind", kind.word()).put("due", due.toString());
        }
    }

    public Name name() {
        return new Name(source, kind, due);
    }

    ObjectNode json() {
        return name().json().put("cron", cron).put("graceSeconds", Json.seconds(grace));
    }

    static Name name(JsonNode json) {
        return new Name(
                json.path("source").asString(""),
                RunKind.of(json.path("kind").asString("")),
                Instant.parse(json.path("due").asString("")));
    }
}
