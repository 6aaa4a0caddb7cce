package io.firedrill.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MetricsPageTest {
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private final List<String> troubles = new ArrayList<>();
    private boolean broken;

    private String read() {
        reads.incrementAndGet();
        if (broken) {
            throw new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE, "the store at /secret/place is away", "Bring it back.");
        }
        return "a " + reads + "\n";
    }

    private MetricsPage page() {
        return new MetricsPage(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                this::read,
                nanos::get,
                thrown -> troubles.add(String.valueOf(thrown.getMessage())));
    }

    private static HttpResponse<String> ask(MetricsPage page, String method, String path)
            throws IOException, InterruptedException {
        URI address =
                URI.create("http://127.0.0.1:%d%s".formatted(page.address().getPort(), path));
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(address)
                            .timeout(Duration.ofSeconds(20))
                            .method(method, BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    @Test
    void figuresAreReadAnewButNotForEverybodyWhoAsks() throws IOException, InterruptedException {
        try (MetricsPage page = page()) {
            HttpResponse<String> first = ask(page, "GET", "/metrics");
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(first.body()).isEqualTo("a 1\n");
            assertThat(first.headers().firstValue("Content-Type")).contains(Exposition.CONTENT_TYPE);
            nanos.set(Duration.ofSeconds(5).toNanos());
            assertThat(ask(page, "GET", "/metrics?x=1").body()).isEqualTo("a 1\n");
            nanos.incrementAndGet();
            assertThat(ask(page, "GET", "/metrics").body()).isEqualTo("a 2\n");
        }
    }

    @Test
    void whatCannotBeReadIsSaidToTheOperatorAndNotToWhoeverScrapes() throws IOException, InterruptedException {
        try (MetricsPage page = page()) {
            broken = true;
            HttpResponse<String> told = ask(page, "GET", "/metrics");
            assertThat(told.statusCode()).isEqualTo(503);
            assertThat(told.body()).isEqualTo("The store could not be read.\n");
            assertThat(troubles).containsExactly("the store at /secret/place is away");
            broken = false;
            assertThat(ask(page, "GET", "/metrics").statusCode())
                    .as("it goes on")
                    .isEqualTo(200);
        }
    }

    @Test
    void nothingElseIsThere() throws IOException, InterruptedException {
        try (MetricsPage page = page()) {
            assertThat(ask(page, "GET", "/").statusCode()).isEqualTo(404);
            assertThat(ask(page, "GET", "/metrics/../etc/passwd").statusCode()).isEqualTo(404);
            assertThat(ask(page, "POST", "/metrics").statusCode()).isEqualTo(405);
            assertThat(reads).hasValue(0);
        }
    }

    @Test
    void aPortThatIsTakenIsSaid() {
        try (MetricsPage page = page()) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> new MetricsPage(page.address(), this::read, nanos::get, _ -> {}).close())
                    .withMessageMatching("cannot listen on .*:\\d+ \\(BindException\\)")
                    .matches(failure -> failure.kind() == FailureKind.CONFIGURATION_INVALID);
        }
    }
}
