package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The migrate-mongo that Node would find from a project. One that is installed for the whole machine is found nowhere.
 *
 * @param version empty where its description does not tell
 * @param program what Node runs
 */
record NodeModule(Optional<String> version, Path program) {
    private static final String NAME = "migrate-mongo";

    static Optional<NodeModule> of(Path project) {
        return Stream.iterate(project.toAbsolutePath().normalize(), at -> at != null, Path::getParent)
                .map(at -> at.resolve("node_modules").resolve(NAME))
                .filter(at -> Files.isRegularFile(at.resolve("package.json")))
                .findFirst()
                .map(NodeModule::at);
    }

    static NodeModule migrateMongo(Path project) {
        return of(project)
                .orElseThrow(() -> new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "there is no migrate-mongo in the node_modules of %s or of a folder above it"
                                .formatted(project),
                        "Run 'npm install --save-dev migrate-mongo@14 mongodb' there; it needs Node %d or later."
                                .formatted(NodeConfig.NODE_MIN)));
    }

    private static NodeModule at(Path module) {
        JsonNode description = description(module.resolve("package.json"));
        JsonNode bin = description.path("bin");
        String program = bin.isString() ? bin.asString() : bin.path(NAME).asString("bin/migrate-mongo.js");
        return new NodeModule(
                Optional.of(description.path("version").asString("")).filter(text -> !text.isEmpty()),
                module.resolve(program));
    }

    /** A broken installation says nothing of the migrations; whoever runs it finds out. */
    private static JsonNode description(Path file) {
        try {
            return JsonMapper.shared().readTree(Files.readAllBytes(file));
        } catch (IOException | JacksonException _) {
            return JsonMapper.shared().createObjectNode();
        }
    }
}
