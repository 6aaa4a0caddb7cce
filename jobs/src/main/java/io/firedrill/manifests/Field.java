package io.firedrill.manifests;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A place in a manifest: what stands there, if anything, with its path and its line. What does not stand there has the line of
 * what it should stand in.
 */
record Field(String path, @Nullable Node node, int line) {
    static Field root(Node node) {
        return at("", node);
    }

    private static Field at(String path, Node node) {
        return new Field(path, node, node.getStartMark().getLine() + 1);
    }

    /** The field of that name in this one. */
    Field get(String key) {
        String below = below(key);
        return node instanceof MappingNode map
                ? map.getValue().stream()
                        .filter(tuple -> nameOf(tuple).equals(key))
                        .findFirst()
                        .map(tuple -> entry(below, tuple))
                        .orElseGet(() -> new Field(below, null, line))
                : new Field(below, null, line);
    }

    /** The field at the end of a way of names. */
    Field at(String... keys) {
        Field field = this;
        for (String key : keys) {
            field = field.get(key);
        }
        return field;
    }

    /** A block begins a line after its name, and the name is what a reader looks for. */
    private static Field entry(String path, NodeTuple tuple) {
        return new Field(
                path, tuple.getValueNode(), tuple.getKeyNode().getStartMark().getLine() + 1);
    }

    private String below(String key) {
        if (path.isEmpty()) {
            return key;
        }
        return key.matches("[A-Za-z0-9_-]+") ? path + "." + key : path + "[\"" + key + "\"]";
    }

    /** The fields of a map by their names, in their order. Of a name that stands there twice the first. */
    Map<String, Field> entries() {
        Map<String, Field> entries = new LinkedHashMap<>();
        tuples().forEach(tuple -> entries.putIfAbsent(nameOf(tuple), entry(below(nameOf(tuple)), tuple)));
        return entries;
    }

    /** The names that stand in a map more than once, with the place of the later one. */
    Map<String, Field> repeated() {
        Map<String, Field> first = new LinkedHashMap<>();
        Map<String, Field> repeated = new LinkedHashMap<>();
        for (NodeTuple tuple : tuples()) {
            Field field = entry(below(nameOf(tuple)), tuple);
            if (first.putIfAbsent(nameOf(tuple), field) != null) {
                repeated.put(nameOf(tuple), field);
            }
        }
        return repeated;
    }

    private List<NodeTuple> tuples() {
        return node instanceof MappingNode map ? map.getValue() : List.of();
    }

    private static String nameOf(NodeTuple tuple) {
        return tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
    }

    List<Field> items() {
        List<Field> items = new ArrayList<>();
        if (node instanceof SequenceNode list) {
            for (Node item : list.getValue()) {
                items.add(at(path + "[" + items.size() + "]", item));
            }
        }
        return items;
    }

    /** Whether anything but null stands there. */
    boolean isPresent() {
        return node != null && !node.getTag().equals(Tag.NULL);
    }

    /** Whether it is there and has nothing in it. */
    boolean isEmpty() {
        return isPresent() && entries().isEmpty() && items().isEmpty() && text().isEmpty();
    }

    /** A single value as it was written. */
    Optional<String> text() {
        return node instanceof ScalarNode scalar && isPresent() ? Optional.of(scalar.getValue()) : Optional.empty();
    }

    boolean is(String value) {
        return text().filter(value::equals).isPresent();
    }

    OptionalLong number() {
        return text().filter(text -> text.matches("-?\\d{1,18}"))
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElse(OptionalLong.empty());
    }

    /** The values in a list. */
    List<String> texts() {
        return items().stream().flatMap(item -> item.text().stream()).toList();
    }
}
