package io.firedrill.runner;

import io.firedrill.evidence.Redaction;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.StringReader;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A map of a YAML file whose keys are known. Only the tree of nodes is read, and a value stays the text that was written. */
final class YamlFields {
    private final String file;
    private final Node node;
    private final Map<String, Node> keys = new LinkedHashMap<>();
    private final Map<String, Node> values = new LinkedHashMap<>();

    private YamlFields(String file, Node node) {
        this.file = file;
        this.node = node;
        if (!(node instanceof MappingNode map)) {
            throw place(node).wrong("is no map", "Write fields there, each as name: value.");
        }
        map.getValue().forEach(this::take);
    }

    static YamlFields parse(String file, String text) {
        @Nullable Node root;
        try {
            root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
        } catch (MarkedYAMLException thrown) {
            throw failure(
                    file, thrown.getProblemMark(), "is not valid YAML", "Look at that line: indents, colons, quotes.");
        } catch (YAMLException thrown) {
            throw failure(file, null, "is not valid YAML", "Look at its encoding: it has to be UTF-8.");
        }
        if (root == null) {
            throw failure(file, null, "is empty", "Write one with 'firedrill readiness init'.");
        }
        return new YamlFields(file, root);
    }

    private void take(NodeTuple field) {
        Place key = place(field.getKeyNode());
        if (keys.put(key.text(), field.getKeyNode()) != null) {
            throw key.wrong("is there twice", "Keep one of the two.");
        }
        values.put(key.text(), field.getValueNode());
    }

    /** A text of the file, and where it stands. */
    record Place(String file, @Nullable Mark mark, String text) {
        Failure wrong(String how, String hint) {
            return failure(file, mark, "'%s' %s".formatted(Redaction.of(text), how), hint);
        }
    }

    private static Failure failure(String file, @Nullable Mark mark, String what, String hint) {
        String where = mark == null
                ? file
                : "%s, line %d, column %d".formatted(file, mark.getLine() + 1, mark.getColumn() + 1);
        return new Failure(FailureKind.CONFIGURATION_INVALID, where + ": " + what, hint);
    }

    private Place place(Node at) {
        String text = at instanceof ScalarNode scalar
                ? scalar.getValue()
                : at instanceof SequenceNode ? "a list" : at instanceof MappingNode ? "a map" : "?";
        return new Place(file, at.getStartMark(), text);
    }

    /** Where this map begins. */
    Place here() {
        return place(node);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The first of these names that is there. */
    Optional<String> oneOf(List<String> names) {
        return keys.keySet().stream().filter(names::contains).findFirst();
    }

    void only(String... known) {
        only("is no field here", Arrays.asList(known));
    }

    void only(String how, List<String> known) {
        keys.forEach((name, key) -> {
            if (!known.contains(name)) {
                throw place(key).wrong(how, meant(name, known));
            }
        });
    }

    static String meant(String typed, List<String> known) {
        return Nearest.to(typed, known)
                .map(nearest -> "Did you mean %s?".formatted(nearest))
                .orElse("It is one of: %s.".formatted(String.join(", ", known)));
    }

    Place text(String name) {
        return optional(name)
                .orElseThrow(() -> failure(
                        file,
                        node.getStartMark(),
                        "'%s' is missing".formatted(name),
                        "Write it there; docs/READINESS.md lists the fields."));
    }

    /** Empty where the field is not there, or has nothing in it. */
    Optional<Place> optional(String name) {
        return Optional.ofNullable(values.get(name))
                .filter(value -> !value.getTag().equals(Tag.NULL))
                .map(YamlFields.this::scalar)
                .filter(place -> !place.text().isBlank());
    }

    private Place scalar(Node value) {
        if (value instanceof ScalarNode) {
            return place(value);
        }
        throw place(value).wrong("stands where a text belongs", "Write one value there.");
    }

    List<Place> texts(String name) {
        return list(name).stream().map(this::scalar).toList();
    }

    List<YamlFields> maps(String name) {
        return list(name).stream().map(each -> new YamlFields(file, each)).toList();
    }

    /** The same where there has to be one at least. */
    List<YamlFields> filled(String name) {
        List<YamlFields> maps = maps(name);
        if (maps.isEmpty()) {
            throw here().wrong("has no " + name, "List one at least.");
        }
        return maps;
    }

    private List<Node> list(String name) {
        @Nullable Node value = values.get(name);
        if (value == null || value.getTag().equals(Tag.NULL)) {
            return List.of();
        }
        if (value instanceof SequenceNode list) {
            return list.getValue();
        }
        throw place(value).wrong("stands where a list belongs", "Begin each line with a dash.");
    }
}
