package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.testing.MongockSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run of Mongock's is refused for, and what its process is told; runs are in {@link MongockChangesIT}. */
class MongockRunnerTest {
    private static final String URI = "mongodb://ann:s3cret@127.0.0.1:1/?authSource=admin";
    private static final RunTarget TARGET =
            new RunTarget(URI, "shop", Duration.ofSeconds(30), Map.of("rehearsal", "R-42"));

    @TempDir
    Path directory;

    private MongockJar jar(String... packages) {
        return new MongockJar(
                new MongockSample(directory.resolve("sample")).plainJar(),
                new MongockOptions("log", "lock", "nobody", List.of(packages)));
    }

    private static Change change(MongockJar jar, String id) {
        return jar.artefact().changes().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Failure refused(MongockJar jar, RunTools tools, Change change) {
        return catchThrowableOfType(
                Failure.class, () -> jar.runner(tools).apply(change, TARGET).close());
    }

    @Test
    void changesOfOneChangeLogCannotBeRunByThemselves() throws IOException {
        Files.createDirectories(directory.resolve("sample"));
        MongockJar jar = jar("com.acme.legacy");
        Change old = change(jar, "old-first");
        assertThat(refused(jar, RunTools.usual(directory), old).text())
                .contains("'old-first' is one of 2 of com.acme.legacy.OldChanges");
        assertThat(refused(jar, RunTools.usual(directory), Change.named("gone", "", "", "com.acme.Gone"))
                        .text())
                .contains("has no change 'gone'");
        Failure noRollback = catchThrowableOfType(
                Failure.class,
                () -> jar.runner(RunTools.usual(directory)).revert(old, TARGET).close());
        assertThat(noRollback.text()).contains("'old-first' has no rollback");
    }

    @Test
    void whatAnInstallationLacksIsNamedWithWhatToGet() throws IOException {
        Files.createDirectories(directory.resolve("sample"));
        MongockJar jar = jar("com.acme.orders");
        Change change = change(jar, "create-customers");
        Failure host = refused(jar, RunTools.usual(directory), change);
        assertThat(host.text()).contains("firedrill-mongock-host.jar");
        assertThat(host.hint()).contains("folder 'mongock'");
        Files.createFile(directory.resolve("firedrill-mongock-host.jar"));
        Failure java = refused(jar, new RunTools(directory, Path.of("no-java-here"), Optional.empty()), change);
        assertThat(java.text()).contains("there is no Java", "'no-java-here' cannot be started");
        assertThat(java.hint()).contains("Java 17 or later");
    }

    @Test
    void theBooksHoldTheRowBeforeToo() throws IOException {
        Files.createDirectories(directory.resolve("sample"));
        MongockJar jar = jar("com.acme.orders");
        Bookkeeping books = jar.runner(RunTools.usual(directory)).bookkeeping();
        assertThat(books.collections()).containsExactlyInAnyOrder("log", "lock");
        assertThat(books.changelog()).isEqualTo("log");
        assertThat(books.rowsOf(change(jar, "totals")))
                .isEqualTo(BsonDocument.parse("{changeId: {$in: ['totals', 'totals_before']}, author: 'bob'}"));
    }

    private Path bootJar(String mainClass, String startClass, String... entries) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
        manifest.getMainAttributes().putValue("Start-Class", startClass);
        Path jar = directory.resolve("boot.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (String entry : entries) {
                out.putNextEntry(new java.util.zip.ZipEntry(entry));
            }
        }
        return jar;
    }

    @ParameterizedTest
    @CsvSource({
        "org/springframework/boot/loader/launch/PropertiesLauncher",
        "org/springframework/boot/loader/PropertiesLauncher"
    })
    void theLauncherOfEveryBootIsFound(String launcher) throws IOException {
        Path jar = bootJar("org.springframework.boot.loader.launch.JarLauncher", "a.App", launcher + ".class");
        assertThat(BootManifest.of(jar)).contains(new BootManifest("a.App", Optional.of(launcher.replace('/', '.'))));
    }

    @Test
    void aJarThatIsNotOfSpringBootIsRunByTheMongockThatIsShipped() throws IOException {
        assertThat(BootManifest.of(bootJar("a.Main", "a.App"))).isEmpty();
        Files.createDirectories(directory.resolve("sample"));
        assertThat(BootManifest.of(new MongockSample(directory.resolve("sample")).plainJar()))
                .isEmpty();
        Path none = directory.resolve("none.jar");
        assertThat(catchThrowableOfType(Failure.class, () -> BootManifest.of(none))
                        .text())
                .contains("none.jar is no jar that can be read");
    }

    @Test
    void aBootJarWithoutTheLauncherIsNamed() throws IOException {
        Path jar = bootJar("org.springframework.boot.loader.JarLauncher", "a.App");
        BootManifest manifest = BootManifest.of(jar).orElseThrow();
        Files.createFile(directory.resolve("firedrill-mongock-host.jar"));
        var launch = new BootLaunch(jar, manifest, RunTools.usual(directory), Map.of());
        assertThat(catchThrowableOfType(
                                Failure.class,
                                () -> launch.command(
                                        Change.named("1", "", "", "a.C"), TARGET, List.of(), List.of("apply")))
                        .text())
                .contains("has no PropertiesLauncher");
    }

    /** By every way that Spring Boot is told, for a setting of whoever started us must not lead to their own database. */
    @Test
    void anApplicationIsToldTheServerByTheEnvironmentOnly() throws IOException {
        Files.createFile(directory.resolve("firedrill-mongock-host.jar"));
        var manifest = new BootManifest("a.App", Optional.of("a.Launcher"));
        var tools = new RunTools(directory, Path.of("java"), Optional.of("SHOP_DB"));
        var launch = new BootLaunch(
                Path.of("app.jar"),
                manifest,
                tools,
                Map.of("SPRING_APPLICATION_JSON", "{\"spring.data.mongodb.uri\": \"mongodb://live/\", \"a\": 1}"));
        assertThat(launch.command(Change.named("1", "", "", "a.C"), TARGET, List.of(), List.of("apply", "class=a.C")))
                .noneMatch(argument -> argument.contains("s3cret"))
                .contains(
                        "start=a.App",
                        "--spring.main.web-application-type=none",
                        "--mongock.migration-scan-package=a.C",
                        "--mongock.metadata.rehearsal=R-42",
                        "apply");
        Map<String, String> environment = launch.environment(TARGET);
        assertThat(environment)
                .containsEntry("SPRING_DATA_MONGODB_URI", URI)
                .containsEntry("SPRING_MONGODB_URI", URI)
                .containsEntry("SPRING_DATA_MONGODB_DATABASE", "shop")
                .containsEntry("SPRING_MONGODB_DATABASE", "shop")
                .containsEntry("SHOP_DB", URI);
        assertThat(BsonDocument.parse(environment.get("SPRING_APPLICATION_JSON")))
                .isEqualTo(BsonDocument.parse("""
                        {"a": 1, "spring.data.mongodb.uri": "%s", "spring.data.mongodb.database": "shop",
                         "spring.mongodb.uri": "%s", "spring.mongodb.database": "shop"}""".formatted(URI, URI)));
        var broken = new BootLaunch(Path.of("app.jar"), manifest, tools, Map.of("SPRING_APPLICATION_JSON", "no json"));
        assertThat(broken.environment(TARGET).get("SPRING_APPLICATION_JSON")).contains(URI);
        var list = new BootLaunch(Path.of("app.jar"), manifest, tools, Map.of("SPRING_APPLICATION_JSON", "[]"));
        assertThat(list.environment(TARGET).get("SPRING_APPLICATION_JSON")).contains(URI);
    }

    @Test
    void onlyARollbackWithoutDefinitionsIsInATransaction() {
        Map<String, String> sources = Map.of(
                "Plain.java",
                        unit("Plain", "true", "database.getCollection(\"c\").deleteOne(session, new Document());"),
                "Drops.java", unit("Drops", "true", "database.getCollection(\"c\").drop();"),
                "Commands.java", unit("Commands", "true", "database.runCommand(new Document());"),
                "Loose.java", unit("Loose", "false", "database.getCollection(\"c\").deleteOne(new Document());"));
        var jar = new MongockJar(MongockSample.jarOf(directory, sources), MongockOptions.usual());
        assertThat(jar.artefact().changes())
                .extracting(each -> each.id() + " " + jar.isUndoneInTransaction(each))
                .containsExactlyInAnyOrder("Plain true", "Drops false", "Commands false", "Loose false");
    }

    private static String unit(String name, String transactional, String rollback) {
        return """
                import com.mongodb.client.*;
                import io.mongock.api.annotations.*;
                import org.bson.Document;
                @ChangeUnit(id = "%s", order = "1", author = "a", transactional = %s)
                public class %s {
                    @Execution public void go(MongoDatabase database) { database.getName(); }
                    @RollbackExecution public void undo(ClientSession session, MongoDatabase database) { %s }
                }
                """.formatted(name, transactional, name, rollback);
    }
}
