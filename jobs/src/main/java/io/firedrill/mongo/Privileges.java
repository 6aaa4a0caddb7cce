package io.firedrill.mongo;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The actions that a role has to grant for a command, by the names that roles know: often not the command's own. */
final class Privileges {
    private static final Map<String, List<String>> ACTIONS = Map.ofEntries(
            Map.entry("aggregate", List.of("find", "collStats")),
            Map.entry("dataSize", List.of("find")),
            Map.entry("find by UUID", List.of("find", "useUUID")),
            Map.entry("create", List.of("createCollection", "insert", "convertToCapped")),
            Map.entry("createIndexes", List.of("createIndex")),
            Map.entry("drop", List.of("dropCollection")),
            Map.entry("delete", List.of("remove")),
            Map.entry("insert", List.of("insert", "bypassDocumentValidation")),
            Map.entry("update", List.of("update", "insert", "bypassDocumentValidation")),
            Map.entry("applyOps of insert", List.of("applyOps", "insert", "bypassDocumentValidation")),
            Map.entry("applyOps of update", List.of("applyOps", "update")),
            Map.entry("applyOps of delete", List.of("applyOps", "remove")),
            Map.entry(
                    "applyOps of create",
                    List.of("applyOps", "useUUID", "forceUUID", "createCollection", "insert", "convertToCapped")),
            Map.entry("applyOps of drop", List.of("applyOps", "useUUID", "dropCollection")),
            Map.entry("applyOps of collMod", List.of("applyOps", "useUUID", "collMod")),
            Map.entry(
                    "applyOps of renameCollection",
                    List.of("applyOps", "useUUID", "find", "dropCollection", "insert", "createIndex")));

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
