package io.firedrill.monitoring;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * A Prometheus Pushgateway. What is sent replaces all that was sent under the same job and instance, so that nothing stays of a
 * source that is gone.
 */
public final class Pushgateway {
    /** The grouping key's first half: what the gateway takes for the job. */
    public static final String JOB = "firedrill";

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final URI address;
    private final Optional<Login> login;
    private final WebCall call;

    /**
     * Fails with {@code CONFIGURATION_INVALID} for an address that is none, that holds credentials, or over which the password would
     * travel in the clear.
     */
    public Pushgateway(URI address, Optional<Login> login) {
        this(address, login, WebCall.platform());
    }

    Pushgateway(URI address, Optional<Login> login, SSLContext tls) {
        require(
                address.getHost() != null && Set.of("http", "https").contains(String.valueOf(address.getScheme())),
                "the address of the Pushgateway is no http or https address",
                "Give, for example, https://pushgateway:9091.");
        require(
                address.getRawUserInfo() == null && address.getRawQuery() == null && address.getRawFragment() == null,
                "the address of the Pushgateway holds more than host, port and path",
                "Other users can read it: give the password as FIREDRILL_PUSH_PASSWORD, or FIREDRILL_PUSH_PASSWORD_FILE.");
        require(
                login.isEmpty() || address.getScheme().equals("https") || OwnMachine.is(address),
                "a password would go to %s in the clear".formatted(address.getHost()),
                "Use https, or send without push-user and push-password.");
        this.address = address;
        this.login = login;
        this.call = new WebCall("the Pushgateway " + address, tls, LIMIT);
    }

    private static void require(boolean holds, String message, String hint) {
        if (!holds) {
            throw new Failure(FailureKind.CONFIGURATION_INVALID, message, hint);
        }
    }

    /**
     * Sends a text in the exposition format.
     *
     * @param instance whose figures these are, the other half of the grouping key
     */
    public void put(String instance, String text) {
        // In base64, as the gateway asks for values that hold a slash.
        String key = Base64.getUrlEncoder().encodeToString(instance.getBytes(StandardCharsets.UTF_8));
        String base = address.toString().replaceFirst("/+$", "");
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("%s/metrics/job/%s/instance@base64/%s".formatted(base, JOB, key)))
                .header("Content-Type", Exposition.CONTENT_TYPE)
                .PUT(BodyPublishers.ofString(text, StandardCharsets.UTF_8));
        login.ifPresent(who -> request.header("Authorization", who.header()));
        call.send(request.build());
    }
}
