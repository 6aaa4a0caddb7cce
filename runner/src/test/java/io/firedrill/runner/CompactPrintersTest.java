package io.firedrill.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactPrintersTest {
    private static String printed(Function<PrintStream, Printer> printer, String state) {
        var bytes = new ByteArrayOutputStream();
        printer.apply(new PrintStream(bytes, true, UTF_8)).compact(FakeOperations.compacted(state));
        return bytes.toString(UTF_8);
    }

    private static String text(String state) {
        return printed(out -> new TextPrinter(out, Paint.PLAIN), state);
    }

    @Test
    void aCompactionReadsWell() {
        assertThat(text("sealed")).isEqualToNormalizingNewlines("""
                        SEALED  synthetic backup 20261122T031500Z-7f3a

                        Base        20261101T031500Z-0001, which shows 2026-11-01T03:15:00Z (cluster time 1793502900,1)
                        Shows       2026-11-22T03:15:00Z (cluster time 1795317300,4)
                        Loaded      2.4 GiB
                        Replayed    1,234 entries in 40 slices
                        Proven by   base digests + strict replay
                        Data        1,234,567 documents in 12 collections, 2.4 GiB
                        Stored      500.0 MiB, 125.0 MiB of it new; 30 of 40 segments already there
                        Took        1m03s
                        Left out    admin.system.users
                        Record      evidence/default/000000000014.json
                        Report      /state/reports/14.html
                        """);
    }

    @Test
    void aRehearsedOneSaysWhatItWouldTake() {
        assertThat(text("planned")).isEqualToNormalizingNewlines("""
                        PLANNED  a synthetic backup would be made; nothing was written

                        Base        20261101T031500Z-0001, which shows 2026-11-01T03:15:00Z (cluster time 1793502900,1)
                        Shows       2026-11-22T03:15:00Z (cluster time 1795317300,4)
                        To load     2.4 GiB
                        To replay   up to 50.0 MiB of oplog in 40 slices
                        Left out    nothing
                        """);
    }

    @Test
    void nothingToFoldIsSaidAtOnce() {
        assertThat(text("nothing"))
                .startsWith(
                        "NOTHING  to fold: backup 20261101T031500Z-0001 shows that moment already; nothing was written")
                .doesNotContain("Loaded");
    }

    @Test
    void aCompactionIsOneLineOfJson() {
        assertThat(printed(JsonPrinter::new, "sealed"))
                .startsWith("{\"schemaVersion\":1,\"source\":\"orders\",\"state\":\"sealed\"")
                .contains("\"base\":\"20261101T031500Z-0001\",\"from\":{\"t\":1793502900,\"i\":1}")
                .contains("\"work\":{\"bytesLoaded\":2621440000,\"entries\":1234,\"slices\":40,")
                .contains("\"proof\":\"base digests + strict replay\",\"excluded\":[\"admin.system.users\"]")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"random", "random:7", "before-last-drop", "yesterday", "2026-11-22T10:00:00"})
    void aMomentThatNobodyHasChosenIsRefusedBeforeAnythingIsOpened(String moment, @TempDir Path directory) {
        var call = new Call(directory);
        assertThat(call.run("oplog", "compact", "--to", moment)).isEqualTo(2);
        assertThat(call.err()).contains(moment);
        assertThat(call.operations.requests).isEmpty();
    }
}
