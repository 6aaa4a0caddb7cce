package io.firedrill.manifests;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads manifests as trees of nodes with their lines; no Java object is built from them, and no message quotes them. */
final class ManifestReader {
    private static final int CHARACTERS_MAX = 64 << 20;

    private final ManifestSource source;
    private final List<Resource> resources = new ArrayList<>();
    private int document;

    private ManifestReader(ManifestSource source) {
        this.source = source;
    }

    static List<Resource> read(ManifestSource source) {
        var reading = new ManifestReader(source);
        var options = new LoaderOptions();
        options.setCodePointLimit(CHARACTERS_MAX);
        try {
            for (Node node : new Yaml(new SafeConstructor(options)).composeAll(new StringReader(source.text()))) {
                reading.document++;
                reading.take(Field.root(node));
            }
        } catch (MarkedYAMLException thrown) {
            int line = thrown.getProblemMark() == null
                    ? 1
                    : thrown.getProblemMark().getLine() + 1;
            throw reading.wrong("is not valid YAML", line);
        } catch (YAMLException thrown) {
            throw reading.wrong("is not valid YAML", 1);
        }
        return reading.resources;
    }

    private void take(Field root) {
        if (!root.isPresent()) {
            return;
        }
        String kind = root.get("kind").text().orElse("");
        String api = root.get("apiVersion").text().orElse("");
        if (api.startsWith("kustomize.config.k8s.io/") || source.name().matches("(.*/)?kustomization\\.ya?ml")) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    source.name() + " is for kustomize, and not yet what would be applied",
                    "Render it first: kubectl kustomize DIR | firedrill doctor manifests -");
        }
        if (kind.isEmpty() || api.isEmpty()) {
            throw wrong("holds a document without apiVersion and kind", root.line());
        }
        if (kind.endsWith("List") && root.get("items").isPresent()) {
            root.get("items").items().forEach(this::take);
        } else {
            resources.add(new Resource(source.name(), document, root));
        }
    }

    private Failure wrong(String what, int line) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "%s %s (document %d, line %d)".formatted(source.name(), what, Math.max(document, 1), line),
                "Name rendered manifests only: what kubectl kustomize or helm template print.");
    }
}
