package io.firedrill.readiness;

import io.firedrill.evidence.Proof;
import io.firedrill.evidence.Redaction;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/** Asks for pages: TLS is verified as the platform does, and no redirect is followed. */
final class UrlFinder {
    private final SSLContext tls;

    UrlFinder() {
        this(platform());
    }

    UrlFinder(SSLContext tls) {
        this.tls = tls;
    }

    private static SSLContext platform() {
        try {
            return SSLContext.getDefault();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has TLS", impossible);
        }
    }

    Finding find(Selector.Url wanted) {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(tls)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        var request = HttpRequest.newBuilder(wanted.uri()).GET().build();
        // The limit is for all of it: a server that sends a byte now and then is none that answers.
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), Contents.BYTES_MAX));
        try {
            return judge(wanted, answer.get(wanted.timeLimit().toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException _) {
            return unanswered(wanted, "did not answer within " + Selector.age(wanted.timeLimit()));
        } catch (ExecutionException thrown) {
            Throwable cause = thrown.getCause() instanceof IOException failed ? failed : thrown;
            return unanswered(wanted, "could not be had: " + cause.getClass().getSimpleName());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Failure(FailureKind.ABORTED, "interrupted while a page was asked for", "Start it again.");
        } finally {
            answer.cancel(true);
            client.shutdownNow();
        }
    }

    private static Finding judge(Selector.Url wanted, HttpResponse<byte[]> answer) {
        if (answer.statusCode() / 100 != 2) {
            return unanswered(wanted, "answered " + answer.statusCode());
        }
        var contents = new Contents(answer.body());
        return contents.lacks(wanted.demand())
                .map(lacks -> unanswered(wanted, lacks))
                .orElseGet(() -> Finding.holds(
                        wanted,
                        new Proof(wanted.words(), Redaction.of(wanted.uri().toString()), contents.sha256(), 0),
                        Optional.empty()));
    }

    private static Finding unanswered(Selector.Url wanted, String how) {
        return Finding.missing(wanted, Redaction.of(wanted.uri().toString()) + " " + how);
    }
}
