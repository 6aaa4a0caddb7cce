package io.firedrill.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.testing.RecordingServer;
import io.firedrill.testing.SelfSigned;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a collector is sent is read with OpenTelemetry's own classes. */
class OtlpCollectorTest {
    private static final Instant AT = Instant.parse("2026-11-22T03:15:00.250Z");
    private static final String PROTOBUF = "application/x-protobuf";

    private static final List<Sample> ONE = List.of(Sample.of(Metric.STATUS, 2, "orders"));

    private record Received(
            Map<String, String> resource, Map<String, Double> values, Map<String, String> units, List<Long> times) {}

    private static Received received(RecordingServer.Request request) throws IOException {
        var sent = ExportMetricsServiceRequest.parseFrom(request.bytes());
        assertThat(sent.getResourceMetricsCount()).isEqualTo(1);
        var of = sent.getResourceMetrics(0);
        var values = new TreeMap<String, Double>();
        var units = new TreeMap<String, String>();
        var times = new ArrayList<Long>();
        for (var metric : of.getScopeMetrics(0).getMetricsList()) {
            assertThat(metric.hasGauge()).as(metric.getName()).isTrue();
            units.put(metric.getName(), metric.getUnit());
            for (NumberDataPoint point : metric.getGauge().getDataPointsList()) {
                var labels = texts(point.getAttributesList());
                assertThat(values.put(metric.getName() + labels, point.getAsDouble()))
                        .isNull();
                times.add(point.getTimeUnixNano());
            }
        }
        return new Received(texts(of.getResource().getAttributesList()), values, units, times);
    }

    private static Map<String, String> texts(List<KeyValue> attributes) {
        var texts = new TreeMap<String, String>();
        attributes.forEach(each -> texts.put(each.getKey(), each.getValue().getStringValue()));
        return texts;
    }

    private static Received sent(List<Sample> samples) throws IOException {
        try (var server = new RecordingServer()) {
            new OtlpCollector(server.address(), Optional.empty()).send("s3://backups/prod", samples, AT);
            assertThat(server.requests()).hasSize(1);
            return received(server.requests().getFirst());
        }
    }

    private static List<Sample> all(double value) {
        return List.of(Metric.values()).stream()
                .map(metric -> new Sample(
                        metric,
                        metric.labels().stream()
                                .map(label -> "a " + label.word())
                                .toList(),
                        value))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 1_795_317_300, 1_795_317_300.123, 0.1, 1e15, 4.9e-300})
    void everyFigureArrivesWithItsNameItsLabelsAndItsUnit(double value) throws IOException {
        Received read = sent(all(value));
        assertThat(read.values()).hasSize(Metric.values().length);
        for (Metric metric : Metric.values()) {
            var labels = new TreeMap<String, String>();
            metric.labels().forEach(label -> labels.put(label.word(), "a " + label.word()));
            assertThat(read.values()).containsEntry(metric.word() + labels, value);
            @Nullable String unit = read.units().get(metric.word());
            assertThat(unit)
                    .as(metric.word())
                    .isEqualTo(
                            metric.word().endsWith("_seconds")
                                    ? "s"
                                    : metric.word().endsWith("_bytes") ? "By" : "");
        }
        assertThat(read.times()).containsOnly(TimeUnit.MILLISECONDS.toNanos(AT.toEpochMilli()));
        assertThat(read.resource())
                .containsEntry("service.name", "firedrill")
                .containsEntry("service.instance.id", "s3://backups/prod");
    }

    @Test
    void aHostileNameIsALabelAndNothingElse() throws IOException {
        String evil = "x\"}\n{,=\u0000\u202e日本語 😀";
        assertThat(sent(List.of(Sample.of(Metric.STATUS, 1, evil), Sample.of(Metric.STATUS, 2, "orders")))
                        .values())
                .isEqualTo(
                        Map.of("firedrill_status{cluster=" + evil + "}", 1.0, "firedrill_status{cluster=orders}", 2.0));
    }

    /** Micrometer sends in portions. */
    @Test
    void manyFiguresAllArrive() throws IOException {
        int many = 10_500;
        List<Sample> samples = IntStream.range(0, many)
                .mapToObj(number -> Sample.of(Metric.STATUS, number, "cluster" + number))
                .toList();
        var values = new TreeMap<String, Double>();
        try (var server = new RecordingServer()) {
            new OtlpCollector(server.address(), Optional.empty()).send("a", samples, AT);
            for (RecordingServer.Request request : server.requests()) {
                values.putAll(received(request).values());
            }
        }
        assertThat(values).hasSize(many).containsEntry("firedrill_status{cluster=cluster10499}", 10_499.0);
    }

    @ParameterizedTest
    @CsvSource({"'', /v1/metrics", "/, /v1/metrics", "/v1/metrics, /v1/metrics", "/under/, /under/v1/metrics"})
    void thePathOfCollectorsIsAddedWhereItIsMissing(String given, String asked) {
        try (var server = new RecordingServer()) {
            new OtlpCollector(URI.create(server.address() + given), Optional.of(new Login("jane", "Pa55word")))
                    .send("a", ONE, AT);
            RecordingServer.Request request = server.requests().getFirst();
            assertThat(request.path()).isEqualTo(asked);
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.header("Content-type")).isEqualTo(PROTOBUF);
            assertThat(request.header("Authorization")).isEqualTo(new Login("jane", "Pa55word").header());
        }
    }

    private static Failure refused(RecordingServer server) {
        return refused(server.address());
    }

    private static Failure refused(URI address) {
        return assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> new OtlpCollector(address, Optional.empty()).send("a", ONE, AT))
                .actual();
    }

    @Test
    void whatWasNotTakenIsAFailure() {
        URI gone;
        try (var server = new RecordingServer().answering(503, "queue\u0007 is full\nmore")) {
            assertThat(refused(server).text())
                    .matches("the OTLP collector http://127.0.0.1:\\d+ answered 503: queue  is full");
            assertThat(refused(server).kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
            server.answering(403, "");
            assertThat(refused(server).kind()).isEqualTo(FailureKind.ACCESS_DENIED);
            gone = server.address();
        }
        assertThat(refused(gone).text()).contains("could not be reached: ConnectException");
    }

    @Test
    void anAnswerOfSuccessThatTellsOfRejectedFiguresIsAFailure() {
        var part = ExportMetricsServiceResponse.newBuilder()
                .setPartialSuccess(ExportMetricsPartialSuccess.newBuilder()
                        .setRejectedDataPoints(3)
                        .setErrorMessage("too old\nsecond line"));
        try (var server =
                new RecordingServer().answering(200, PROTOBUF, part.build().toByteArray())) {
            assertThat(refused(server).text()).endsWith(" did not take 3 of the figures: too old");
            server.answering(200, PROTOBUF, new byte[] {0x7b, 1, 2});
            assertThat(refused(server).text()).endsWith(" answered what no collector answers");
            server.answering(200, PROTOBUF, new byte[0]);
            new OtlpCollector(server.address(), Optional.empty()).send("a", ONE, AT);
            server.answering(200, "application/json", new byte[] {'{', '}'});
            new OtlpCollector(server.address(), Optional.empty()).send("a", ONE, AT);
        }
    }

    @Test
    void anAddressThatIsNoneOrHoldsAPasswordIsRefused() {
        for (String address :
                List.of("collector:4318", "grpc://host:4317", "https://jane:Pa55word@host/", "https://h/?a=b")) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> new OtlpCollector(URI.create(address), Optional.empty()))
                    .matches(failure -> failure.kind() == FailureKind.CONFIGURATION_INVALID)
                    .withMessageStartingWith("the address of the OTLP collector ")
                    .satisfies(failure -> assertThat(failure.text()).doesNotContain("Pa55word"));
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForGetsNothing(@TempDir Path directory)
            throws IOException, GeneralSecurityException, InterruptedException {
        try (var server = new RecordingServer(SelfSigned.tls(directory))) {
            assertThat(refused(server).text()).endsWith("could not be reached: SSLHandshakeException");
            assertThat(server.requests()).isEmpty();
        }
    }
}
