package io.firedrill.monitoring;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/** One request that something is sent with: TLS is verified as the platform does, no redirect is followed, and it ends in time. */
final class WebCall {
    private static final long ANSWER_BYTES_MAX = 1 << 16;
    private static final int TOLD_MAX = 200;

    private final String whom;
    private final SSLContext tls;
    private final Duration limit;

    /**
     * @param whom for messages: a name without secrets
     * @param limit for all of it, from the first packet to the last byte of the answer
     */
    WebCall(String whom, SSLContext tls, Duration limit) {
        this.whom = whom;
        this.tls = tls;
        this.limit = limit;
    }

    /** The trust of the platform, which {@code -Djavax.net.ssl.trustStore} may change. */
    static SSLContext platform() {
        try {
            return SSLContext.getDefault();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has TLS", impossible);
        }
    }

    /** Fails unless the answer is one of success. */
    void send(HttpRequest request) {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(tls)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build()) {
            CompletableFuture<HttpResponse<byte[]>> answer =
                    client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
            try {
                judge(answer.get(limit.toMillis(), TimeUnit.MILLISECONDS));
            } catch (TimeoutException _) {
                throw unavailable("did not answer within %d s".formatted(limit.toSeconds()));
            } catch (ExecutionException thrown) {
                Throwable cause = thrown.getCause() instanceof IOException failed ? failed : thrown;
                throw unavailable("could not be reached: " + cause.getClass().getSimpleName());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new Failure(FailureKind.ABORTED, "interrupted while %s was told".formatted(whom), "Do it again.");
            } finally {
                answer.cancel(true);
                client.shutdownNow();
            }
        }
    }

    private void judge(HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        if (status == 401 || status == 403) {
            throw new Failure(
                    FailureKind.ACCESS_DENIED,
                    "%s answered %d".formatted(whom, status),
                    "Check who may send there, and the credentials in the settings.");
        }
        if (status / 100 != 2) {
            throw unavailable("answered %d%s".formatted(status, said(answer.body())));
        }
    }

    /** The first line of the answer, which may say what was wrong with the request. */
    private static String said(byte[] body) {
        String line = new String(body, StandardCharsets.UTF_8).strip().split("\\R", 2)[0];
        return line.isEmpty() ? "" : ": " + line.substring(0, Math.min(line.length(), TOLD_MAX));
    }

    private Failure unavailable(String how) {
        return new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                whom + " " + how,
                "Check its address, its certificate and whether it runs, then do it again.");
    }
}
