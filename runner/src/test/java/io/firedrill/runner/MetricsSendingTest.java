package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.testing.ExpositionReader;
import io.firedrill.testing.Patience;
import io.firedrill.testing.Promtool;
import io.firedrill.testing.RecordingServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ways that the figures take: a file, a gateway, a page. */
class MetricsSendingTest {
    private static final String ORDERS = "{cluster=orders}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private RealCall call = new RealCall(Path.of("."));

    @BeforeEach
    void aStoreOfADay() {
        call = new RealCall(directory);
        var _ = new LargeStore(call.store(), 1).make();
    }

    @Test
    void prometheusReadsIt() throws IOException, InterruptedException {
        call.succeed("metrics", "--textfile", "firedrill.prom");
        assertThat(call.out()).isEmpty();
        Path file = directory.resolve("firedrill.prom");
        assertThat(ExpositionReader.read(Files.readString(file)).samples()).containsKey("firedrill_status" + ORDERS);
        Promtool.Said said = Promtool.run(file, "check", "metrics");
        assertThat(said.text()).isEmpty();
        assertThat(said.code()).isZero();
    }

    @Test
    void aGatewayGetsItWholeAndThePasswordStaysOurs() {
        call.with("FIREDRILL_PUSH_USER", "firedrill").with("FIREDRILL_PUSH_PASSWORD", RealCall.SECRET);
        try (var gateway = new RecordingServer()) {
            call.succeed("metrics", "--push", gateway.address().toString(), "--instance", "night shift");
            assertThat(call.out()).isEmpty();
            RecordingServer.Request request = gateway.requests().getFirst();
            assertThat(request.method()).isEqualTo("PUT");
            assertThat(request.header("Authorization"))
                    .isEqualTo("Basic "
                            + Base64.getEncoder()
                                    .encodeToString(("firedrill:" + RealCall.SECRET).getBytes(StandardCharsets.UTF_8)));
            assertThat(request.path())
                    .isEqualTo("/metrics/job/firedrill/instance@base64/"
                            + Base64.getUrlEncoder().encodeToString("night shift".getBytes(StandardCharsets.UTF_8)));
            assertThat(ExpositionReader.read(request.body()).samples()).containsEntry("firedrill_status" + ORDERS, 0.0);

            gateway.answering(400, "pushed metrics are invalid");
            assertThat(call.fail(40, "metrics", "--push", gateway.address().toString())
                            .message())
                    .contains("answered 400: pushed metrics are invalid");
            assertThat(new String(
                            Base64.getUrlDecoder()
                                    .decode(gateway.requests().getLast().path().replaceFirst(".*/", "")),
                            StandardCharsets.UTF_8))
                    .isEqualTo(call.store().toUri().toString().replaceFirst("/$", ""));
            gateway.answering(401, "");
            call.fail(41, "metrics", "--push", gateway.address().toString());
        }
    }

    @Test
    void aCollectorGetsWhatIsPrinted() throws IOException {
        call.with("FIREDRILL_PUSH_USER", "firedrill").with("FIREDRILL_PUSH_PASSWORD", RealCall.SECRET);
        try (var collector = new RecordingServer()) {
            call.succeed("metrics", "--otlp", collector.address().toString());
            assertThat(call.out()).isEmpty();
            RecordingServer.Request request = collector.requests().getFirst();
            assertThat(request.path()).isEqualTo("/v1/metrics");
            assertThat(request.header("Authorization")).startsWith("Basic ");
            var sent = ExportMetricsServiceRequest.parseFrom(request.bytes());
            var values = new TreeMap<String, Double>();
            sent.getResourceMetrics(0)
                    .getScopeMetrics(0)
                    .getMetricsList()
                    .forEach(metric -> metric.getGauge()
                            .getDataPointsList()
                            .forEach(point -> values.put(
                                    metric.getName()
                                            + point.getAttributesList().stream()
                                                    .collect(Collectors.toMap(
                                                            KeyValue::getKey,
                                                            pair -> pair.getValue()
                                                                    .getStringValue(),
                                                            (one, _) -> one,
                                                            TreeMap::new)),
                                    point.getAsDouble())));
            call.succeed("metrics");
            var printed = new TreeMap<>(ExpositionReader.read(call.out()).samples());
            assertThat(values).hasSameSizeAs(printed).containsEntry("firedrill_status{cluster=orders}", 0.0);
            // Each reading has its own time, and ages grow between the two.
            assertThat(values.keySet().stream().map(name -> name.replaceAll("[{].*", "")))
                    .containsExactlyInAnyOrderElementsOf(printed.keySet().stream()
                            .map(name -> name.replaceAll("[{].*", ""))
                            .toList());
            assertThat(sent.getResourceMetrics(0).getResource().getAttributesList())
                    .anyMatch(pair -> pair.getKey().equals("service.instance.id")
                            && pair.getValue()
                                    .getStringValue()
                                    .equals(call.store().toUri().toString().replaceFirst("/$", "")));

            collector.answering(503, "queue is full");
            assertThat(call.fail(40, "metrics", "--otlp", collector.address().toString())
                            .message())
                    .contains("answered 503: queue is full");
            collector.answering(401, "");
            call.fail(41, "metrics", "--otlp", collector.address().toString());
        }
    }

    @Test
    @Timeout(300)
    void aPageShowsThemUntilItIsToldToStop() throws IOException, InterruptedException, ExecutionException {
        var fake = new Call(directory);
        try (ExecutorService thread = Executors.newSingleThreadExecutor();
                HttpClient client = HttpClient.newHttpClient()) {
            Callable<Integer> process = () -> {
                int ended = fake.run("metrics", "--listen", "127.0.0.1:0");
                fake.stop.finished(ended);
                return ended;
            };
            Future<Integer> code = thread.submit(process);
            Pattern told = Pattern.compile("notice: listening on (http://127.0.0.1:\\d+/metrics)");
            Patience.await(
                    "it listens",
                    Duration.ofMinutes(2),
                    () -> code.isDone() || told.matcher(fake.err()).find());
            Matcher where = told.matcher(fake.err());
            assertThat(where.find()).as(fake.err()).isTrue();
            HttpRequest scrape =
                    HttpRequest.newBuilder(URI.create(where.group(1))).build();
            assertThat(client.send(scrape, BodyHandlers.ofString()).body()).isEqualTo(fake.operations.metrics.text());
            assertThat(fake.operations.closed).isFalse();
            assertThat(fake.stop.stop()).as("it ends when it is asked to").isTrue();
            assertThat(code.get()).isZero();
            assertThat(fake.operations.closed).isTrue();
            assertThat(fake.out()).isEmpty();
        }
    }

    @Test
    void aMistakeIsSaidBeforeTheStoreIsRead() {
        var fake = new Call(directory);
        for (String[] arguments : new String[][] {
            {"metrics", "--textfile", "metrics.txt"},
            {"metrics", "--instance", "a"},
            {"metrics", "--push", "https://jane:Pa55word@host/"},
            {"metrics", "--push", "nowhere"},
            {"metrics", "--otlp", "collector:4317"},
            {"metrics", "--listen", "127.0.0.1:0", "--otlp", "http://127.0.0.1:4318"},
            {"metrics", "--listen", "9464"},
            {"metrics", "--listen", "127.0.0.1:70000"},
            {"metrics", "--listen", "127.0.0.1:0", "--textfile", "a.prom"},
            {"metrics", "--push", "https://host/", "--push-user", "jane"}
        }) {
            assertThat(fake.run(arguments)).as(String.join(" ", arguments)).isEqualTo(2);
            assertThat(fake.out() + fake.err()).doesNotContain("Pa55word");
            assertThat(fake.operations.context).isNull();
        }
        fake.with("FIREDRILL_PUSH_PASSWORD", "Pa55word");
        assertThat(fake.run("metrics", "--push", "http://host/", "--push-user", "jane"))
                .isEqualTo(2);
        assertThat(fake.err()).contains("in the clear").doesNotContain("Pa55word");
    }
}
