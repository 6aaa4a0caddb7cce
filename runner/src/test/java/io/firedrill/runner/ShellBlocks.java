package io.firedrill.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The commands on a page of Markdown, as a real shell takes them; nothing of them is run. */
final class ShellBlocks {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^(`{3,})sh\\n(.*?)^\\1$");

    /** Each program only says with which words it was called. */
    private static final String STAND_INS = """
            firedrill() { printf '%s\\037' "$@"; printf '\\036'; }
            jq() { cat; }
            mongosh() { :; }
            """;

    private ShellBlocks() {}

    /**
     * @param filled what a person has to fill in first: "NAME=x" in the page and what is put in its place
     */
    static List<List<String>> firedrill(String page, Map<String, String> filled) {
        String script =
                BLOCK.matcher(page).results().map(block -> block.group(2)).collect(Collectors.joining("\n"));
        for (Map.Entry<String, String> each : filled.entrySet()) {
            script = script.replace(each.getKey(), each.getValue());
        }
        return Arrays.stream(said(STAND_INS + script).split("\036"))
                .filter(call -> !call.isBlank())
                .map(call -> List.of(call.strip().split("\037")))
                .toList();
    }

    private static String said(String script) {
        try {
            Process shell = new ProcessBuilder("sh", "-eu", "-c", script)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(shell.getInputStream().readAllBytes(), UTF_8);
            assertThat(shell.waitFor()).as(said).isZero();
            return said;
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        } catch (InterruptedException thrown) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(thrown);
        }
    }
}
