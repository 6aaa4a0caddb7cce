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
import javax.net.ssl.SSLContext;

/** One request that something is sent with: TLS is verified as the platform does, no redirect is followed, and it ends in time. */
final class WebCall {
    private static final long ANSWER_BYTES_MAX = 1 << 16;

    private final Attempt attempt;
    private final SSLContext tls;

    /**
     * @param whom for messages: a name without secrets
     * @param limit for all of it, from the first packet to the last byte of the answer
     */
    WebCall(String whom, SSLContext tls, Duration limit) {
        this.attempt = new Attempt(whom, limit);
        this.tls = tls;
    }

    /** The trust of the platform, which {@code -Djavax.net.ssl.trustStore} may change. */
    static SSLContext platform() {
        try {
            return SSLContext.getDefault();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has TLS", impossible);
        }
    }

    /** Fails unless the answer, which is given back, is one of success. */
    HttpResponse<byte[]> send(HttpRequest request) {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(tls)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build()) {
            CompletableFuture<HttpResponse<byte[]>> answer =
                    client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
            try {
                return judged(attempt.answer(answer));
            } catch (ExecutionException thrown) {
                Throwable cause = thrown.getCause() instanceof IOException failed ? failed : thrown;
                throw unavailable("could not be reached: " + cause.getClass().getSimpleName());
            } finally {
                client.shutdownNow();
            }
        }
    }

    private HttpResponse<byte[]> judged(HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        if (status == 401 || status == 403) {
            throw new Failure(
                    FailureKind.ACCESS_DENIED,
                    "%s answered %d".formatted(attempt.whom(), status),
                    "Check who may send there, and the credentials in the settings.");
        }
        if (status / 100 != 2) {
            throw unavailable("answered %d%s".formatted(status, said(answer.body())));
        }
        return answer;
    }

    /** That whoever was called does not do its work. */
    Failure unavailable(String how) {
        return attempt.unavailable(how);
    }

    private static String said(byte[] body) {
        String line = Attempt.firstLine(new String(body, StandardCharsets.UTF_8));
        return line.isEmpty() ? "" : ": " + line;
    }
}
