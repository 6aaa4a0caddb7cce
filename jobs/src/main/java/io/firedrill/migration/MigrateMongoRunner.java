package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonString;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The project's own migrate-mongo, with a folder of migrations in which there is one: a link to the file, so that what it
 * requires is found where it is. The project is not touched.
 */
final class MigrateMongoRunner implements ChangeRunner {
    private static final String LINKS = "migrations";
    private static final String CONFIG = "config.mjs";

    private final NodeOptions options;
    private final ProjectConfig config;

    MigrateMongoRunner(NodeOptions options, ProjectConfig config) {
        this.options = options;
        this.config = config;
    }

    @Override
    public RunningChange apply(Change change, RunTarget target) {
        return start("up", change, target);
    }

    /** Takes back the last by name of what is in the folder, which is the one. */
    @Override
    public RunningChange revert(Change change, RunTarget target) {
        return start("down", change, target);
    }

    private RunningChange start(String verb, Change change, RunTarget target) {
        Path file = options.root().toAbsolutePath().resolve(change.where());
        if (change.where().isEmpty() || !Files.isRegularFile(file)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "there is no file of the migration '%s' in %s".formatted(change.id(), options.root()),
                    "Bring the file back, or remove its row when you know why it is there.");
        }
        Path program = NodeModule.migrateMongo(options.root()).program();
        String what = "migrate-mongo %s of '%s'".formatted(verb, change.id());
        return ToolRun.inNewFolder(folder -> {
            fill(folder, file);
            return start(what, List.of(options.node(), program.toString(), verb), folder, target);
        });
    }

    private RunningChange start(String what, List<String> words, Path folder, RunTarget target) {
        var command = new ArrayList<>(words);
        command.addAll(List.of("--file", folder.resolve(CONFIG).toString()));
        return new ToolRun(
                        what,
                        command,
                        options.root(),
                        environment(folder, target),
                        folder,
                        thrown -> NodeConfig.noNode(options, thrown))
                .start(target);
    }

    private static void fill(Path folder, Path file) {
        try {
            Path links = Files.createDirectory(folder.resolve(LINKS));
            Files.createSymbolicLink(links.resolve(file.getFileName()), file.toRealPath());
            Files.writeString(
                    folder.resolve(CONFIG), NodeConfig.script("load.js") + NodeConfig.script("one-change.js"));
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private Map<String, String> environment(Path folder, RunTarget target) {
        var environment = new HashMap<String, String>();
        environment.put(ToolRun.URI, target.uri());
        environment.put("FIREDRILL_RUN_DATABASE", target.database());
        environment.put("FIREDRILL_RUN_MIGRATIONS", folder.resolve(LINKS).toString());
        if (options.given().isPresent()) {
            environment.put("FIREDRILL_RUN_GIVEN", given());
        } else {
            environment.put(
                    "FIREDRILL_RUN_CONFIG", options.config().toAbsolutePath().toString());
        }
        return environment;
    }

    /** The configuration where options say it, so that the project's is not run. */
    private String given() {
        ObjectNode given = JsonMapper.shared().createObjectNode();
        given.put("changelogCollectionName", config.changelog());
        given.put("migrationFileExtension", config.extension());
        given.put("useFileHash", config.useFileHash());
        config.lockCollection().ifPresent(name -> given.put("lockCollectionName", name));
        config.lockTtl().ifPresent(seconds -> given.put("lockTtl", seconds));
        return given.toString();
    }

    @Override
    public Bookkeeping bookkeeping() {
        Set<String> collections = new HashSet<>(Set.of(config.changelog()));
        config.lockCollection().ifPresent(collections::add);
        return new Books(
                collections,
                config.changelog(),
                "fileName",
                change -> new BsonDocument("fileName", new BsonString(change.id())));
    }
}
