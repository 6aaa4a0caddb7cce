package io.firedrill.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A policy of {@code docs/policies}, as somebody attaches it to a principal. */
record PolicyFile(String principal, JsonNode document) {
    static final List<String> ALL = List.of("backup", "restore", "prune", "auditor", "doctor");

    static PolicyFile of(String principal) {
        try {
            String text = Files.readString(Documents.ROOT.resolve("docs/policies/%s.json".formatted(principal)));
            return new PolicyFile(principal, JsonMapper.shared().readTree(text));
        } catch (IOException thrown) {
            throw new AssertionError(thrown);
        }
    }

    List<ObjectNode> statements() {
        List<ObjectNode> all = new ArrayList<>();
        document.path("Statement").forEach(each -> all.add((ObjectNode) each));
        return all;
    }

    static List<String> texts(JsonNode statement, String field) {
        List<String> all = new ArrayList<>();
        statement.path(field).forEach(each -> all.add(each.asString()));
        return all;
    }

    /** Whether some statement allows it on an object under the prefix, or on the bucket where the key is empty. */
    boolean allows(String action, String key) {
        String resource = "arn:aws:s3:::BUCKET" + (key.isEmpty() ? "" : "/PREFIX/" + key);
        return statements().stream()
                .filter(each -> texts(each, "Action").contains(action))
                .flatMap(each -> texts(each, "Resource").stream())
                .anyMatch(each -> resource.matches(each.replace(".", "\\.").replace("*", ".*")));
    }
}
