package io.firedrill.mongo;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The actions that a role has to grant for a command, by the names that roles know: often not the command's own. */
final class Privileges {
    private static final Map<String, List<String>> ACTIONS = Map.of(
            "aggregate", List.of("find", "collStats"),
            "dataSize", List.of("find"),
            "find by UUID", List.of("find", "useUUID"),
            "create", List.of("createCollection", "insert", "convertToCapped"),
            "createIndexes", List.of("createIndex"),
            "drop", List.of("dropCollection"),
            "delete", List.of("remove"),
            "insert", List.of("insert", "bypassDocumentValidation"),
            "update", List.of("update", "insert"),
            "applyOps", List.of("applyOps", "insert", "bypassDocumentValidation"));

    private Privileges() {}

    /**
     * Names the actions in quotes; of several, the server does not say which one is missing.
     *
     * @param what a command and where, as in {@code find on shop.orders}
     */
    static String neededFor(String what) {
        String command = what.split(" on ", 2)[0];
        return ACTIONS.getOrDefault(command, List.of(command)).stream()
                .map("'%s'"::formatted)
                .collect(Collectors.joining(" or "));
    }
}
