package io.firedrill.evidence;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes in-toto statements: what is stated, and the digests of what it is stated of. */
final class Statement {
    static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
    static final String TYPE = "https://in-toto.io/Statement/v1";

    private Statement() {}

    static ObjectNode of(EntryKind kind, ObjectNode predicate) {
        ObjectNode statement = Json.object().put("_type", TYPE).put("predicateType", kind.predicateType());
        ArrayNode subjects = statement.putArray("subject");
        switch (kind) {
            case RUN -> run(subjects, predicate);
            case APPROVAL -> {
                JsonNode record = predicate.path("record");
                subject(
                        subjects,
                        record.path("key").asString(""),
                        record.path("sha256").asString(""));
            }
            case KEY_CHANGE ->
                subject(subjects, "evidence key", predicate.path("to").asString(""));
            case SIGN_OFF -> {
                file(subjects, predicate);
                subjects(subjects, predicate.path("records"), "key");
            }
            case WAIVER -> {
                file(subjects, predicate);
                JsonNode task = predicate.path("task");
                subject(
                        subjects,
                        "tasks/" + task.path("id").asString(""),
                        task.path("sha256").asString(""));
            }
            case PUBLICATION -> {
                file(subjects, predicate);
                subject(subjects, "status update", predicate.path("textSha256").asString(""));
            }
            case GATE -> gate(subjects, predicate);
        }
        statement.set("predicate", predicate);
        return statement;
    }

    /** A subject needs a digest, and not every run has an artefact: the run itself is one, by the digest of its id. */
    private static void run(ArrayNode subjects, ObjectNode predicate) {
        String runId = predicate.at("/run/runId").asString("");
        subject(subjects, "runs/" + runId, Hashes.sha256Hex(runId.getBytes(StandardCharsets.UTF_8)));
        String manifest = predicate.at("/backup/manifestSha256").asString("");
        if (!manifest.isEmpty()) {
            subject(subjects, predicate.at("/backup/manifest").asString(""), manifest);
        }
        String state = predicate.at("/verification/stateSha256").asString("");
        if (!state.isEmpty()) {
            subject(subjects, "restored-state", state);
        }
    }

    /** One that left no report is its own subject, by the digest of its name, as a run is. */
    private static void gate(ArrayNode subjects, ObjectNode predicate) {
        String name = predicate.path("gate").asString("");
        if (predicate.path("reports").isEmpty()) {
            subject(subjects, "gates/" + name, Hashes.sha256Hex(name.getBytes(StandardCharsets.UTF_8)));
        }
        subjects(subjects, predicate.path("reports"), "name");
    }

    private static void file(ArrayNode subjects, ObjectNode predicate) {
        JsonNode file = predicate.path("readiness");
        subject(subjects, file.path("file").asString(""), file.path("sha256").asString(""));
    }

    /** Each of a list that has a digest; {@code name} is the field by which it goes. */
    private static void subjects(ArrayNode subjects, JsonNode all, String name) {
        all.forEach(each -> subject(
                subjects, each.path(name).asString(""), each.path("sha256").asString("")));
    }

    private static void subject(ArrayNode subjects, String name, String sha256) {
        subjects.addObject().put("name", name).putObject("digest").put("sha256", sha256);
    }
}
