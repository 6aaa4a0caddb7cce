package io.firedrill.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFilesTest {
    @TempDir
    Path root;

    private Path data;
    private Path copy;

    @BeforeEach
    void someFiles() throws IOException {
        data = Files.createDirectories(root.resolve("data"));
        copy = root.resolve("copy");
        Files.writeString(data.resolve("collection.wt"), "documents");
        Files.createDirectory(data.resolve("journal"));
        Files.writeString(data.resolve("journal/WiredTigerLog.1"), "log");
        Files.writeString(data.resolve("journal/WiredTigerPreplog.2"), "nothing yet");
    }

    private void requireCopy() throws IOException {
        assertThat(copy.resolve("collection.wt")).hasContent("documents");
        assertThat(copy.resolve("journal/WiredTigerLog.1")).hasContent("log");
        assertThat(copy.resolve("data")).doesNotExist();
    }

    @Test
    void aCopyHoldsAllThatCounts() throws IOException {
        assertThat(DataFiles.copy(data, copy)).isEqualTo(12);
        requireCopy();
        assertThat(copy.resolve("journal/WiredTigerPreplog.2")).doesNotExist();
    }

    @Test
    void whereNoProgramCopiesWeDo() throws IOException {
        assertThat(DataFiles.isCopiedBy("no-such-cp", data, copy)).isFalse();
        assertThat(DataFiles.isCopiedBy("false", data, copy)).isFalse();
        assertThat(copy).doesNotExist();
        DataFiles.copyByHand(data, copy);
        requireCopy();
    }

    @Test
    void whatAProgramLeftUndoneIsRemoved() throws IOException {
        Files.createDirectory(copy);
        Files.writeString(copy.resolve("half"), "");
        assertThat(DataFiles.isCopiedBy("false", data, copy)).isFalse();
        assertThat(copy).doesNotExist();
    }

    @Test
    void whatIsNotThereCannotBeCopied() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> DataFiles.copy(root.resolve("gone"), copy));
    }
}
