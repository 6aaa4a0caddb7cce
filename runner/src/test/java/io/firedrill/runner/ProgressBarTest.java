package io.firedrill.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private static final long MIB = 1 << 20;
    private final AtomicLong nanos = new AtomicLong();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private ProgressBar progress(ProgressBar.Style style) {
        return new ProgressBar(
                style,
                new PrintStream(bytes, true, UTF_8),
                nanos::get,
                Duration.ofSeconds(30),
                new Call(Path.of("")).surroundings()::shown);
    }

    private void wait(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private String shown() {
        String text = bytes.toString(UTF_8);
        bytes.reset();
        return text;
    }

    @Test
    void aBarIsRedrawnAtMostTenTimesASecond() {
        var bar = progress(ProgressBar.Style.BAR);
        bar.begin("dump", 100 * MIB);
        assertThat(shown()).isEqualTo("\r\u001b[Kdump  ░░░░░░░░░░░░░░░░░░░░░░░░  0%  0 B of 100.0 MiB  0 B/s");
        wait(Duration.ofMillis(99));
        bar.advance(MIB);
        assertThat(shown()).isEmpty();
        wait(Duration.ofMillis(901));
        bar.advance(24 * MIB);
        bar.advance(0);
        assertThat(shown())
                .isEqualTo(
                        "\r\u001b[Kdump  ██████░░░░░░░░░░░░░░░░░░  25%  25.0 MiB of 100.0 MiB  25.0 MiB/s  ETA 3.0s");
        wait(Duration.ofSeconds(3));
        bar.advance(75 * MIB);
        assertThat(shown()).contains("100%").endsWith("ETA 0.0s");
        bar.end();
        assertThat(shown()).isEqualToNormalizingNewlines("\r\u001b[Kdump: 100.0 MiB in 4.0s (25.0 MiB/s)\n");
    }

    @Test
    void whatIsSaidIsHeardInEveryStyleAndSteersNoTerminal() {
        for (ProgressBar.Style style : ProgressBar.Style.values()) {
            progress(style).say("shop.\u001b]0;title\u0007 changed\nerror: Pa55word");

            assertThat(shown())
                    .isEqualToNormalizingNewlines((style == ProgressBar.Style.BAR ? "\r\u001b[K" : "")
                            + "shop.\\u{1b}]0;title\\u{7} changed\\u{a}error: ***\n");
        }
    }

    @Test
    void elsewhereThereIsALineEveryInterval() {
        var lines = progress(ProgressBar.Style.LINES);
        lines.begin("load", 100 * MIB);
        wait(Duration.ofSeconds(29));
        lines.advance(MIB);
        assertThat(shown()).isEmpty();
        wait(Duration.ofSeconds(1));
        lines.advance(29 * MIB);
        assertThat(shown()).isEqualToNormalizingNewlines("load: 30%  30.0 MiB of 100.0 MiB  1.0 MiB/s  ETA 1m10s\n");
        wait(Duration.ofSeconds(20));
        lines.end();
        assertThat(shown()).isEqualToNormalizingNewlines("load: 30.0 MiB in 50s (614.4 KiB/s)\n");
        lines.end();
        lines.advance(MIB);
        wait(Duration.ofSeconds(31));
        lines.advance(MIB);
        assertThat(shown()).isEmpty();
    }

    @Test
    void withoutAnExpectationThereIsNoShare() {
        var lines = progress(ProgressBar.Style.LINES);
        lines.begin("index", 0);
        wait(Duration.ofSeconds(30));
        lines.advance(60 * MIB);
        assertThat(shown()).isEqualToNormalizingNewlines("index: 60.0 MiB  2.0 MiB/s\n");
        var bar = progress(ProgressBar.Style.BAR);
        bar.begin("index", 0);
        assertThat(shown()).isEqualTo("\r\u001b[Kindex  0.0s");
        wait(Duration.ofSeconds(2));
        bar.end();
        assertThat(shown()).isEqualToNormalizingNewlines("\r\u001b[Kindex: 2.0s\n");
    }

    @Test
    void quietMeansNothing() {
        var none = progress(ProgressBar.Style.NONE);
        none.begin("dump", MIB);
        wait(Duration.ofMinutes(5));
        none.advance(MIB);
        none.end();
        assertThat(shown()).isEmpty();
    }

    @Test
    void manyThreadsMayAdvance() throws InterruptedException, ExecutionException {
        var lines = progress(ProgressBar.Style.LINES);
        lines.begin("dump", 8_000);
        try (var threads = Executors.newFixedThreadPool(8)) {
            var work = IntStream.range(0, 8)
                    .<Future<?>>mapToObj(_ -> threads.submit(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            lines.advance(1);
                        }
                    }))
                    .toList();
            for (Future<?> each : work) {
                each.get();
            }
        }
        wait(Duration.ofSeconds(1));
        lines.end();
        assertThat(shown()).startsWith("dump: 7.8 KiB in 1.0s");
    }
}
