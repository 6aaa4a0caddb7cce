package io.firedrill.monitoring;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * A Prometheus Pushgateway. What is sent replaces all that was sent under the same job and instance, so that nothing stays of a
 * source that is gone.
 */
public final class Pushgateway {
    /** What Prometheus takes for the job: the grouping key's first half. */
    public static final String JOB = "firedrill";

    private final Receiver receiver;

    /**
     * Fails with {@code CONFIGURATION_INVALID} for an address that is none, that holds credentials, or over which the password would
     * travel in the clear.
     */
    public Pushgateway(URI address, Optional<Login> login) {
        this(address, login, WebCall.platform());
    }

    Pushgateway(URI address, Optional<Login> login, SSLContext tls) {
        this.receiver = new Receiver("the Pushgateway", "https://pushgateway:9091", address, login, tls);
    }

    /**
     * Sends a text in the exposition format.
     *
     * @param instance whose figures these are, the other half of the grouping key
     */
    public void put(String instance, String text) {
        // In base64, as the gateway asks for values that hold a slash.
        String key = Base64.getUrlEncoder().encodeToString(instance.getBytes(StandardCharsets.UTF_8));
        receiver.send(HttpRequest.newBuilder(
                        URI.create("%s/metrics/job/%s/instance@base64/%s".formatted(receiver.base(), JOB, key)))
                .header("Content-Type", Exposition.CONTENT_TYPE)
                .PUT(BodyPublishers.ofString(text, StandardCharsets.UTF_8)));
    }
}
