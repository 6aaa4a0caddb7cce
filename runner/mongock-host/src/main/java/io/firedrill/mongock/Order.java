package io.firedrill.mongock;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is asked for on the command line: {@code apply} or {@code undo}, values as {@code name=value}, and what begins
 * with two dashes, which is the application's. No secret is among them.
 */
final class Order {
    private static final String STAMP = "stamp.";

    private final boolean undo;
    private final Map<String, String> values = new HashMap<>();
    private final List<String> options = new ArrayList<>();

    Order(String[] arguments) {
        this.undo = List.of(arguments).contains("undo");
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (argument.startsWith("--")) {
                options.add(argument);
            } else if (equals > 0) {
                values.put(argument.substring(0, equals), argument.substring(equals + 1));
            }
        }
    }

    /** Whether the change is to be taken back. */
    boolean undo() {
        return undo;
    }

    String value(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no argument " + name + "= is there");
        }
        return value;
    }

    /** Of a value that is a list; nothing where there is none. */
    Set<String> values(String name) {
        return Stream.of(values.getOrDefault(name, "").split(","))
                .filter(each -> !each.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What is to be written beside the row. */
    Map<String, Object> stamp() {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(STAMP))
                .collect(Collectors.toMap(entry -> entry.getKey().substring(STAMP.length()), Map.Entry::getValue));
    }

    String[] options() {
        return options.toArray(String[]::new);
    }
}
