package io.firedrill.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SealPrintersTest {
    private static final StatusResult STATUS = new StatusResult(
            "SEALED",
            null,
            null,
            null,
            null,
            0,
            "Run 'firedrill drill'.",
            List.of(),
            List.of(),
            new StatusResult.NewestSeal(
                    "orders",
                    new ConsistencyPoint(1_795_317_300L, 4),
                    Instant.parse("2026-11-22T03:15:00Z"),
                    185,
                    false),
            List.of(),
            List.of(),
            "OK",
            List.of(),
            null,
            List.of(),
            List.of(),
            List.of());

    private static <T> String printed(Function<PrintStream, Printer> printer, BiConsumer<Printer, T> print, T result) {
        var bytes = new ByteArrayOutputStream();
        print.accept(printer.apply(new PrintStream(bytes, true, UTF_8)), result);
        return bytes.toString(UTF_8);
    }

    private static String text(SealResult result) {
        return printed(out -> new TextPrinter(out, Paint.PLAIN), Printer::seal, result);
    }

    @Test
    void aSealReadsWell() {
        assertThat(text(FakeOperations.sealed(false))).isEqualToNormalizingNewlines("""
                        SEALED  source orders

                        Shows       2026-11-22T03:15:00Z (cluster time 1795317300,4)
                        Data        1,234,567 documents in 12 collections and views, 2.4 GiB, as 2,500 digests
                        Cost        13s, 200.0 MiB/s; meanwhile 1,200 operations wrote, 1.3 ms each
                        Read from   primary, as demanded
                        Not sealed  shop.cache (excluded by the setting 'exclude')
                        Seal        sources/orders/seals/6b026e0400000004
                        Record      evidence/default/000000000013.json
                        Report      /state/reports/13.html
                        """);
    }

    @Test
    void aRehearsedSealSaysThatNothingWasWritten() {
        assertThat(text(FakeOperations.sealed(true))).isEqualToNormalizingNewlines("""
                        PLANNED  source orders would be sealed; nothing was written

                        Data        12 collections and views, 2.4 GiB
                        Read from   primary, as demanded
                        Not sealed  shop.cache (excluded by the setting 'exclude')
                        """);
    }

    @Test
    void aSealIsOneLineOfJson() {
        assertThat(printed(JsonPrinter::new, Printer::seal, FakeOperations.sealed(false)))
                .startsWith(
                        "{\"schemaVersion\":1,\"source\":\"orders\",\"dryRun\":false,\"sealedAt\":{\"t\":1795317300,\"i\":4}")
                .contains("\"cost\":{\"readFrom\":\"primary, as demanded\",\"writes\":1200,\"writeMillis\":1.25}")
                .contains("\"notSealed\":[{\"namespace\":\"shop.cache\"")
                .hasLineCount(1);
    }

    @Test
    void theStatusTellsTheNewestSealAndItsAge() {
        assertThat(printed(out -> new TextPrinter(out, Paint.PLAIN), Printer::status, STATUS))
                .contains("Newest seal 3m05s old, 2026-11-22T03:15:00Z (cluster time 1795317300,4) of orders");
        assertThat(printed(JsonPrinter::new, Printer::status, STATUS))
                .contains("\"newestSeal\":{\"source\":\"orders\",\"sealedAt\":{\"t\":1795317300,\"i\":4}")
                .contains("\"ageSeconds\":185");
    }
}
