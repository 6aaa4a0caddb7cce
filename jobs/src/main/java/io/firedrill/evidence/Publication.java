package io.firedrill.evidence;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * That a status update was given out.
 *
 * @param states the state of each task at that time, by the task's id: what the next update is compared with
 * @param textSha256 of the update's text
 */
public record Publication(PlanDigest plan, Map<String, String> states, String textSha256, String operator)
        implements Declaration {
    public Publication {
        states = Collections.unmodifiableMap(new LinkedHashMap<>(states));
    }

    public static Publication of(PlanDigest plan, Map<String, String> states, String text, String operator) {
        return new Publication(plan, states, Hashes.sha256Hex(text.getBytes(StandardCharsets.UTF_8)), operator);
    }

    @Override
    public EntryKind kind() {
        return EntryKind.PUBLICATION;
    }

    @Override
    public ObjectNode predicate(String time) {
        ObjectNode json = Json.object()
                .put("kind", kind().word())
                .put("operator", operator)
                .put("timeCreated", time);
        plan.put(json);
        json.put("textSha256", textSha256);
        ArrayNode tasks = json.putArray("tasks");
        states.forEach((id, state) -> tasks.addObject().put("id", id).put("state", state));
        return json;
    }

    /** Reads it back; the entry has to be of this kind. */
    public static Publication of(LedgerEntry entry) {
        var states = new LinkedHashMap<String, String>();
        entry.predicate()
                .path("tasks")
                .forEach(task -> states.put(
                        task.path("id").asString(""), task.path("state").asString("")));
        return new Publication(PlanDigest.of(entry), states, entry.text("/textSha256"), entry.text("/operator"));
    }
}
