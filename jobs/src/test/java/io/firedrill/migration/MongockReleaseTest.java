package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.testing.MongockSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a release has to know of a jar beside its changes. */
class MongockReleaseTest {
    private static final String WHOLE =
            "@Execution public void go() { System.out.println(); } @RollbackExecution public void undo() {}";

    @TempDir
    Path directory;

    @Test
    void aTransactionThatBreaksOffLeavesNothingOfAChangeThatKeepsToIt() {
        String unit =
                "import io.mongock.api.annotations.*; @ChangeUnit(id = \"%s\", order = \"1\", author = \"a\"%s) public class %s { %s }";
        Path jar = MongockSample.jarOf(
                directory,
                Map.of(
                        "Whole.java", unit.formatted("whole", "", "Whole", WHOLE),
                        "Loose.java", unit.formatted("loose", ", transactional = false", "Loose", WHOLE),
                        "Deaf.java", unit.formatted("deaf", ", failFast = false", "Deaf", WHOLE),
                        "Before.java",
                                unit.formatted(
                                        "before",
                                        "",
                                        "Before",
                                        WHOLE
                                                + "@BeforeExecution public void b() {} @RollbackBeforeExecution public void rb() {}")));
        var source = new MongockJar(jar, MongockOptions.usual());
        assertThat(source.artefact().changes().stream()
                        .filter(source::isAllOrNothing)
                        .map(Change::id))
                .containsExactly("whole");
    }

    private Path jarNaming(String name, String classPath) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (!classPath.isEmpty()) {
            manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        }
        Path jar = directory.resolve(name);
        Files.createDirectories(jar.getParent());
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    @Test
    void theDigestIsOfAllJarsThatTheManifestNames() throws IOException {
        Path alone = jarNaming("alone.jar", "");
        assertThat(ClassPathJars.digest(alone)).isEqualTo(Fingerprint.of(alone));

        Path jar = jarNaming("app.jar", "lib/a%20b.jar classes/ gone.jar");
        Path library = jarNaming("lib/a b.jar", "deep.jar ../app.jar");
        jarNaming("lib/deep.jar", "");
        String before = ClassPathJars.digest(jar);
        assertThat(before).isNotEqualTo(Fingerprint.of(jar)).isEqualTo(ClassPathJars.digest(jar));
        jarNaming("gone.jar", "");
        String there = ClassPathJars.digest(jar);
        assertThat(there).as("a jar that came").isNotEqualTo(before);
        jarNaming("lib/deep.jar", "more.jar");
        String deep = ClassPathJars.digest(jar);
        assertThat(deep).as("a jar that a jar names").isNotEqualTo(there);
        Files.write(library, new byte[] {0}, StandardOpenOption.APPEND);
        assertThat(ClassPathJars.digest(jar)).as("one byte more").isNotEqualTo(deep);
    }
}
