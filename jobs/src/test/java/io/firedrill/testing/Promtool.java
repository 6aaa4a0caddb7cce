package io.firedrill.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Prometheus' own tool, where scripts/test has found or built one: it reads what we write with the code that Prometheus has. */
public final class Promtool {
    private static final String VARIABLE = "FIREDRILL_TEST_PROMTOOL";

    private Promtool() {}

    /** How it ended, and what it said. */
    public record Said(int code, String text) {}

    /** Skips the test where there is none. */
    public static Said run(Path input, String... arguments) throws IOException, InterruptedException {
        String tool = System.getenv(VARIABLE);
        assumeTrue(
                tool != null && !tool.isEmpty(),
                "without promtool Prometheus itself has not read what we write (" + VARIABLE + ")");
        List<String> command = Stream.concat(Stream.of(String.valueOf(tool)), Stream.of(arguments))
                .toList();
        Path out = Files.createTempFile("promtool", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(input.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(new File(out.toString()))
                    .start();
            assertThat(process.waitFor(2, TimeUnit.MINUTES))
                    .as("%s ends", command)
                    .isTrue();
            return new Said(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
        }
    }
}
