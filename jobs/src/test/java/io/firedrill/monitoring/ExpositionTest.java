package io.firedrill.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.firedrill.testing.ExpositionReader;
import io.firedrill.testing.Promtool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we write is read by somebody else: a reader of its own here, and Prometheus' promtool where there is one. */
class ExpositionTest {
    private static final List<String> HOSTILE = List.of(
            "a\"} 1\nfiredrill_status{cluster=\"forged",
            "back\\slash\\",
            "\\n",
            "line\nend",
            "\r\u0000\u2028\u202e",
            "{}=,\"",
            "日本語 😀",
            " ",
            "# TYPE firedrill_status counter");

    private static List<Sample> one(double value) {
        List<Sample> all = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            all.add(new Sample(metric, Collections.nCopies(metric.labels().size(), "orders"), value));
        }
        return all;
    }

    @Test
    void everyMetricIsAGaugeWithItsHelp() {
        ExpositionReader.Read read = ExpositionReader.read(Exposition.of(one(1.5)));
        assertThat(read.samples()).hasSize(Metric.values().length).containsValue(1.5);
        for (Metric metric : Metric.values()) {
            assertThat(read.types()).containsEntry(metric.word(), "gauge");
            assertThat(read.helps()).containsEntry(metric.word(), metric.help());
        }
        assertThat(read.types()).hasSize(Metric.values().length);
    }

    @Test
    void namesKeepTheRulesOfPrometheus() {
        assertThat(Metric.values()).allSatisfy(metric -> {
            assertThat(metric.word()).matches("firedrill_[a-z_]+");
            assertThat(metric.help()).matches("[0-9A-Z].*\\.");
            assertThat(metric.labels()).extracting(Metric.Label::word).doesNotContain("job", "instance");
        });
        assertThat(Arrays.stream(Metric.values()).map(Metric::word)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 1_795_317_300, 1_795_317_300.123, 0.1, 1e15, 4.9e-300})
    void everyFigureComesOutAsItWentIn(double value) {
        ExpositionReader.Read read = ExpositionReader.read(Exposition.of(one(value)));
        assertThat(read.samples().values()).containsOnly(value);
    }

    @Test
    void aHostileNameIsATextAndNothingElse() {
        var samples = new ArrayList<Sample>();
        for (int i = 0; i < HOSTILE.size(); i++) {
            samples.add(Sample.of(Metric.STATUS, i, HOSTILE.get(i)));
        }
        ExpositionReader.Read read = ExpositionReader.read(Exposition.of(samples));
        assertThat(read.samples()).hasSize(HOSTILE.size());
        for (int i = 0; i < HOSTILE.size(); i++) {
            assertThat(read.samples()).containsEntry("firedrill_status{cluster=" + HOSTILE.get(i) + "}", (double) i);
        }
        assertThat(read.types()).containsOnlyKeys("firedrill_status");
    }

    @Test
    void noNameWhateverItIsMadeOfBreaksTheFormat() {
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            int[] letters = random.ints(12, 0, 300)
                    .map(letter -> letter < 100 ? "\"\\\n{},= #".codePointAt(letter % 9) : letter)
                    .toArray();
            String name = new String(letters, 0, letters.length);
            ExpositionReader.Read read = ExpositionReader.read(
                    Exposition.of(List.of(Sample.of(Metric.STATUS, 1, name), Sample.of(Metric.MEASURED, 2))));
            assertThat(read.samples()).as("seed %d, %s", seed, name).hasSize(2);
            assertThat(read.samples()).containsKey("firedrill_status{cluster=" + name + "}");
        }
    }

    @Test
    void prometheusReadsItAndFindsNoFault(@TempDir Path directory) throws IOException, InterruptedException {
        var samples = new ArrayList<>(one(1));
        HOSTILE.forEach(name -> samples.add(Sample.of(Metric.STATUS, 1, name)));
        Path text = Files.writeString(directory.resolve("a.prom"), Exposition.of(samples));
        Promtool.Said said = Promtool.run(text, "check", "metrics");
        assertThat(said.text()).isEmpty();
        assertThat(said.code()).isZero();
        Files.writeString(text, "firedrill_status{cluster=\"a\"b\"} 1\n");
        assertThat(Promtool.run(text, "check", "metrics").code())
                .as("it can tell")
                .isNotZero();
    }

    @Test
    void whatWasNotMeasuredIsNotThere() {
        assertThat(Exposition.of(List.of())).isEmpty();
        assertThat(Exposition.of(List.of(Sample.of(Metric.MEASURED, 1)))).doesNotContain("firedrill_status");
    }

    @Test
    void aMistakeIsNotWritten() {
        Sample sample = Sample.of(Metric.STATUS, 1, "orders");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Exposition.of(List.of(sample, Sample.of(Metric.STATUS, 2, "orders"))));
        assertThatIllegalArgumentException().isThrownBy(() -> Sample.of(Metric.STATUS, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Sample.of(Metric.STATUS, 1, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> Sample.of(Metric.MEASURED, 1, "orders"));
        assertThatIllegalArgumentException().isThrownBy(() -> Sample.of(Metric.MEASURED, Double.NaN));
    }
}
