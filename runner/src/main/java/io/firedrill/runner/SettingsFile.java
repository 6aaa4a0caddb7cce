package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
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

/**
 * Reads {@code firedrill.yaml}: one flat map of settings; an unknown, repeated or nested key is an error with its line.
 *
 * <p>Only the tree of nodes is read, no Java object is built from it, and a value stays the text that was written. No
 * message quotes the file, because it may hold secrets.
 */
final class SettingsFile {
    private final Path file;
    private final Map<Setting, Given> given = new EnumMap<>(Setting.class);

    private SettingsFile(Path file) {
        this.file = file;
    }

    static Map<Setting, Given> read(Path file) {
        var reading = new SettingsFile(file);
        Node root = reading.tree();
        if (root instanceof MappingNode map) {
            map.getValue().forEach(reading::take);
        } else if (root != null) {
            throw reading.wrong("is not a list of settings", root.getStartMark());
        }
        return reading.given;
    }

    private @Nullable Node tree() {
        try (Reader reader = Files.newBufferedReader(file)) {
            return new Yaml(new SafeConstructor(new LoaderOptions())).compose(reader);
        } catch (MarkedYAMLException thrown) {
            throw wrong("is not valid YAML", thrown.getProblemMark());
        } catch (IOException | YAMLException thrown) {
            throw wrong("cannot be read: " + thrown.getClass().getSimpleName(), null);
        }
    }

    private void take(NodeTuple tuple) {
        Node node = tuple.getKeyNode();
        String key = node instanceof ScalarNode scalar ? scalar.getValue() : "?";
        Setting setting = Setting.withKey(key).orElseThrow(() -> unknown(key, node.getStartMark()));
        Given previous = given.put(setting, value(setting, tuple.getValueNode()));
        if (previous != null) {
            throw wrong("says " + key + " twice", node.getStartMark());
        }
    }

    private Given value(Setting setting, Node node) {
        Origin origin = Origin.file(file.toString(), node.getStartMark().getLine() + 1);
        if (node instanceof SequenceNode list) {
            String text = list.getValue().stream()
                    .map(each -> scalar(setting, each))
                    .collect(Collectors.joining(setting.separator()));
            return new Given(setting, text.isEmpty() ? null : text, origin);
        }
        String text = node.getTag().equals(Tag.NULL) ? "" : scalar(setting, node);
        return new Given(setting, text.isEmpty() ? null : text, origin);
    }

    private String scalar(Setting setting, Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw wrong("says " + setting.key() + " in a nested form", node.getStartMark());
    }

    private Failure unknown(String key, Mark mark) {
        String hint = Nearest.to(key, Setting.all().stream().map(Setting::key).toList())
                .map(nearest -> "Did you mean " + nearest + "?")
                .orElse("firedrill config show lists all settings.");
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "unknown setting " + key + " (" + Origin.file(file.toString(), mark.getLine() + 1) + ")",
                hint);
    }

    private Failure wrong(String what, @Nullable Mark mark) {
        String line = mark == null ? "" : " (line " + (mark.getLine() + 1) + ")";
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "settings file " + file + " " + what + line,
                "It is a flat map, one setting a line, such as lanes: 4.");
    }
}
