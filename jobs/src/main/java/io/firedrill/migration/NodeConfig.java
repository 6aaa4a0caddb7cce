package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.ChildProcess.Ended;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a migrate-mongo configuration, which is a program: Node runs it, in a process of its own, and prints what it says. */
final class NodeConfig {
    static final int NODE_MIN = 20;

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int OUTPUT_BYTES_MAX = 1 << 20;
    private static final String GET_NODE =
            "Install Node %d or later (migrate-mongo 14 needs it too) or name it with --node; or give --migrations-dir, and nothing of the project is run."
                    .formatted(NODE_MIN);

    private final NodeOptions options;

    NodeConfig(NodeOptions options) {
        this.options = options;
    }

    ProjectConfig read() {
        if (!Files.isRegularFile(options.config())) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s is no migrate-mongo project: there is no file %s".formatted(options.root(), options.config()),
                    "Give the project's directory or its configuration file with --project; 'npx migrate-mongo@14 init' makes a new one.");
        }
        // What the configuration prints itself must not be taken for what we print of it.
        String mark = "firedrill-" + UUID.randomUUID();
        Ended ended = run(mark);
        String json = ended.out()
                .lines()
                .filter(line -> line.startsWith(mark))
                .map(line -> line.substring(mark.length()))
                .findFirst()
                .orElseThrow(() -> unreadable(ended));
        try {
            return config(MAPPER.readTree(json));
        } catch (JacksonException _) {
            throw unreadable(ended);
        }
    }

    private Ended run(String mark) {
        var bounds = new Bounds(
                options.limit(),
                "See what the configuration waits for: run it by hand, or give --migrations-dir and nothing of it is run.",
                OUTPUT_BYTES_MAX,
                Optional.of("Have the configuration print less."));
        var child = new ChildProcess("node with %s".formatted(options.config()), options.root(), Map.of(), bounds);
        try {
            return child.run(List.of(
                    options.node(),
                    "-e",
                    script("load.js") + script("config.js"),
                    "--",
                    options.config().toAbsolutePath().toString(),
                    mark));
        } catch (IOException thrown) {
            throw noNode(options, thrown);
        }
    }

    static Failure noNode(NodeOptions options, IOException thrown) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "there is no Node to read %s with: '%s' cannot be started".formatted(options.config(), options.node()),
                GET_NODE,
                thrown);
    }

    /** One of our scripts for Node. */
    static String script(String name) throws IOException {
        try (InputStream script = NodeConfig.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Failure unreadable(Ended ended) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "%s cannot be read: node ended with %d: %s"
                        .formatted(
                                options.config(),
                                ended.end().code(),
                                ended.end().lastWords()),
                "Run 'npx migrate-mongo status' there until it works, with the environment variables that the configuration needs; FIREDRILL_ variables are not handed on.");
    }

    private ProjectConfig config(JsonNode read) {
        requireNode(read.path("node").asString(""));
        JsonNode ttl = read.path("lockTtl");
        return new ProjectConfig(
                text(read, "migrationsDir").orElse(ProjectConfig.DIRECTORY),
                text(read, "migrationFileExtension").orElse(ProjectConfig.EXTENSION),
                text(read, "changelogCollectionName").orElse(ProjectConfig.CHANGELOG),
                text(read, "lockCollectionName"),
                ttl.isNumber() ? OptionalLong.of(ttl.asLong()) : OptionalLong.empty(),
                read.path("useFileHash").asBoolean(false),
                text(read, "databaseName"));
    }

    private static void requireNode(String version) {
        String major = version.replaceFirst("^v?(\\d+).*$", "$1");
        if (!major.matches("\\d{1,4}") || Integer.parseInt(major) < NODE_MIN) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "node is %s, and migrate-mongo 14 needs %d or later".formatted(version, NODE_MIN),
                    GET_NODE);
        }
    }

    private static Optional<String> text(JsonNode read, String name) {
        return Optional.of(read.path(name).asString("")).filter(value -> !value.isEmpty());
    }
}
