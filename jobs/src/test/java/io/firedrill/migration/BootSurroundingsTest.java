package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.testing.MongockSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootSurroundingsTest {
    @TempDir
    private Path directory;

    private Path jar;

    @BeforeEach
    void aJar() throws IOException {
        jar = Files.copy(MongockSample.application(), directory.resolve("app.jar"));
    }

    private String digest() {
        return new MongockJar(jar, MongockOptions.usual()).digestNow().orElseThrow();
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void ofAJarWithNothingBesideItTheDigestIsThatOfTheFile() throws IOException {
        write("notes.txt", "a");
        write("other/application.properties", "a=1");
        write("application.properties.bak", "a=1");
        assertThat(digest()).isEqualTo(Fingerprint.of(jar));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application.properties",
                "application-prod.yml",
                "application.yaml",
                "bootstrap.yml",
                "loader.properties",
                "config/application.properties",
                "config/db/extra.conf"
            })
    void whatSpringBootReadsBesideItComesGoesAndChangesWithTheDigest(String name) throws IOException {
        String bare = digest();
        var seen = new ArrayList<>(List.of(bare));
        Path file = write(name, "app.mongo.uri=a");
        seen.add(digest());
        Files.writeString(file, "app.mongo.uri=b");
        seen.add(digest());
        Files.move(file, file.resolveSibling("application-other.properties"));
        seen.add(digest());
        assertThat(seen).doesNotHaveDuplicates();
        Files.delete(file.resolveSibling("application-other.properties"));
        assertThat(digest()).isEqualTo(bare);
    }

    /** As a mounted ConfigMap looks: the names that are meant are links, and where these lead has another name each time. */
    @Test
    void theFoldersThatAMountKeepsItsFilesInAreNoDifference() throws IOException {
        write("config/application.yml", "a: 1");
        String plain = digest();
        Files.delete(directory.resolve("config/application.yml"));
        for (String name : List.of("..2026_11_28", "..2026_11_29")) {
            write("config/" + name + "/application.yml", "a: 1");
            Path data = directory.resolve("config/..data");
            Files.deleteIfExists(data);
            Files.createSymbolicLink(data, Path.of(name));
            Path file = directory.resolve("config/application.yml");
            Files.deleteIfExists(file);
            Files.createSymbolicLink(file, Path.of("..data/application.yml"));
            assertThat(digest()).isEqualTo(plain);
        }
    }

    @Test
    void besideAPlainJarItCountsNothing() throws IOException {
        Path plain = new MongockSample(directory.resolve("plain")).plainJar();
        Files.writeString(plain.resolveSibling("application.properties"), "a=1");
        assertThat(new MongockJar(plain, MongockOptions.usual()).digestNow()).contains(Fingerprint.of(plain));
    }
}
