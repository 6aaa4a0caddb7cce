package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolRunTest {
    @Test
    void whereNoProcessComesOfItNoFolderIsLeftBehind() {
        List<Path> made = new ArrayList<>();
        assertThatThrownBy(() -> ToolRun.inNewFolder(folder -> {
                    made.add(folder);
                    fill(folder);
                    throw new IllegalStateException("not started");
                }))
                .hasMessage("not started");
        assertThat(made).singleElement().satisfies(folder -> assertThat(folder).doesNotExist());
    }

    private static void fill(Path folder) {
        try {
            Files.writeString(Files.createDirectory(folder.resolve("in")).resolve("it"), "x");
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
