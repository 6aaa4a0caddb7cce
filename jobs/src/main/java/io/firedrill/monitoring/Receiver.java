package io.firedrill.monitoring;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** A web server that gauges are sent to, at an address that everybody may read. */
final class Receiver {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final String base;
    private final Optional<Login> login;
    private final WebCall call;

    /**
     * Fails with {@code CONFIGURATION_INVALID} for an address that is none, that holds credentials, or over which the password would
     * travel in the clear.
     *
     * @param what it is, for messages
     * @param example an address as it should be
     */
    Receiver(String what, String example, URI address, Optional<Login> login, SSLContext tls) {
        require(
                address.getHost() != null && Set.of("http", "https").contains(String.valueOf(address.getScheme())),
                "the address of %s is no http or https address".formatted(what),
                "Give, for example, %s.".formatted(example));
        require(
                address.getRawUserInfo() == null && address.getRawQuery() == null && address.getRawFragment() == null,
                "the address of %s holds more than host, port and path".formatted(what),
                "Other users can read it: give the password as FIREDRILL_PUSH_PASSWORD, or FIREDRILL_PUSH_PASSWORD_FILE.");
        require(
                login.isEmpty() || address.getScheme().equals("https") || OwnMachine.is(address),
                "a password would go to %s in the clear".formatted(address.getHost()),
                "Use https, or send without push-user and push-password.");
        this.base = address.toString().replaceFirst("/+$", "");
        this.login = login;
        this.call = new WebCall("%s %s".formatted(what, address), tls, LIMIT);
    }

    private static void require(boolean holds, String message, String hint) {
        if (!holds) {
            throw new Failure(FailureKind.CONFIGURATION_INVALID, message, hint);
        }
    }

    /** The address without a slash at its end. */
    String base() {
        return base;
    }

    /** Fails unless the answer, which is given back, is one of success. */
    HttpResponse<byte[]> send(HttpRequest.Builder request) {
        login.ifPresent(who -> request.header("Authorization", who.header()));
        return call.send(request.build());
    }

    /** What is said of an answer of success that tells of none. */
    Failure unavailable(String how) {
        return call.unavailable(how);
    }
}
