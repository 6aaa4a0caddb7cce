package io.firedrill.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Somebody without Firedrill, who has the format document, Python and perhaps the keys.
 *
 * @param directory where the store lies, as {@code store}
 */
public record Stranger(Path directory) {
    private static final Pattern SCRIPT = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);

    /**
     * How the document's script ended.
     *
     * @param out the folder that it was to make
     */
    public record Ended(int exit, String said, Path out) {}

    /** Whether a machine has what the document asks for. */
    public static boolean isEquipped() {
        return succeeds("python3", "-c", "import cryptography") && succeeds("zstd", "--version");
    }

    public Path store() {
        return directory.resolve("store");
    }

    /** The two files of keys that the script takes. */
    public Path[] files(TestKeys keys) throws IOException {
        return new Path[] {
            Files.writeString(directory.resolve("store.key"), keys.storeKey()),
            Files.writeString(directory.resolve("private.pem"), keys.pair().opening())
        };
    }

    /** Has the document's script read a backup. */
    public Ended read(int backup, Path... keys) throws IOException, InterruptedException {
        Path out = directory.resolve("read").resolve("out");
        Files.createDirectories(out.getParent());
        List<String> command = new ArrayList<>(List.of(
                "python3",
                Files.writeString(directory.resolve("script.py"), script()).toString(),
                store().toString(),
                "source",
                Recovery.id(backup).value(),
                out.toString()));
        Stream.of(keys).map(Path::toString).forEach(command::add);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Ended(process.waitFor(), said, out);
    }

    private static String script() throws IOException {
        Matcher block = SCRIPT.matcher(document());
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    /** The format document, from the module's folder or that above it. */
    public static String document() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        Path folder = Files.exists(root.resolve("docs")) ? root : root.resolve("..");
        return Files.readString(folder.resolve("docs/ARCHIVE_FORMAT.md"));
    }

    private static boolean succeeds(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException thrown) {
            throw new IllegalStateException(thrown);
        }
    }
}
