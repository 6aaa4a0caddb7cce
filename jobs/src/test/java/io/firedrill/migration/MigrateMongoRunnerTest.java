package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run of migrate-mongo's is refused for; runs are in {@link NodeChangesIT}. */
class MigrateMongoRunnerTest {
    private static final Duration ENOUGH = Duration.ofSeconds(30);
    private static final RunTarget TARGET = new RunTarget("mongodb://127.0.0.1:1/", "shop", ENOUGH, Map.of());

    @TempDir
    Path directory;

    private MigrateMongoProject project;

    @BeforeEach
    void write() throws IOException {
        write("migrations/1-a.js", "exports.up = async () => {};");
        var config = new ProjectConfig(
                "migrations", ".js", "log", Optional.empty(), OptionalLong.empty(), false, Optional.empty());
        project = new MigrateMongoProject(new NodeOptions(directory, "no-node-here", ENOUGH, Optional.of(config)));
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Failure refused(Change change) {
        return catchThrowableOfType(
                Failure.class,
                () -> project.runner(RunTools.usual(directory))
                        .apply(change, TARGET)
                        .close());
    }

    @Test
    void whatIsMissingIsNamedWithTheVersionThatIsNeeded() throws IOException {
        Change change = project.artefact().changes().getFirst();
        Failure module = refused(change);
        assertThat(module.text()).contains("there is no migrate-mongo in the node_modules of");
        assertThat(module.hint()).contains("npm install --save-dev migrate-mongo@14 mongodb", "Node 20 or later");
        write("node_modules/migrate-mongo/package.json", "{\"version\": \"14.0.7\"}");
        Failure node = refused(change);
        assertThat(node.text()).contains("there is no Node", "'no-node-here' cannot be started");
        assertThat(node.hint()).contains("Node 20 or later");
    }

    @Test
    void aMigrationWithoutAFileIsNamed() {
        assertThat(refused(Change.named("gone.js", "", "", "")).text()).contains("no file of the migration 'gone.js'");
        assertThat(refused(Change.named("gone.js", "", "", "migrations/gone.js"))
                        .hint())
                .contains("Bring the file back");
    }

    @Test
    void theProgramIsTheOneThatItsDescriptionNames() throws IOException {
        assertThat(NodeModule.of(directory)).isEmpty();
        Path module = directory.resolve("node_modules/migrate-mongo");
        write("node_modules/migrate-mongo/package.json", "{\"version\": \"12.1.3\", \"bin\": \"cli.js\"}");
        assertThat(NodeModule.of(directory.resolve("migrations")))
                .contains(new NodeModule(Optional.of("12.1.3"), module.resolve("cli.js")));
        write("node_modules/migrate-mongo/package.json", "{\"bin\": {\"migrate-mongo\": \"b.js\"}}");
        assertThat(NodeModule.of(directory)).contains(new NodeModule(Optional.empty(), module.resolve("b.js")));
        write("node_modules/migrate-mongo/package.json", "broken");
        assertThat(NodeModule.of(directory))
                .contains(new NodeModule(Optional.empty(), module.resolve("bin/migrate-mongo.js")));
    }

    @Test
    void withoutALockCollectionThereIsOneBook() {
        assertThat(project.runner(RunTools.usual(directory)).bookkeeping().collections())
                .containsExactly("log");
    }
}
