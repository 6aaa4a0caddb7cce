package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The broker that units go through, and who we are there. What goes over it are no documents and no secrets, but whoever
 * listens learns of what there is, so that it is encrypted unless it stays on this machine.
 */
record Broker(String url, @Nullable String user, @Nullable Secret password) {
    private static final Pattern ADDRESS =
            Pattern.compile("tcp://(\\[[0-9A-Fa-f:]+]|[A-Za-z0-9.-]+):\\d{1,5}([?][!-~]*)?");
    private static final Pattern THIS_MACHINE = Pattern.compile("tcp://(localhost|127(\\.\\d{1,3}){3}|\\[::1]):.*");
    private static final Pattern ENCRYPTED = Pattern.compile(".*[?&;]sslEnabled=true([&;].*)?");
    private static final Pattern UNVERIFIED = Pattern.compile(".*[?&;](trustAll=true|verifyHost=false)([&;].*)?");

    /** Nothing where nobody named one. */
    static Optional<Broker> of(SettingValues values) {
        @Nullable String url = values.broker(Setting.BROKER_URL);
        @Nullable String user = values.text(Setting.BROKER_USER);
        @Nullable Secret password = values.secret(Setting.BROKER_PASSWORD);
        if (url == null) {
            return Optional.empty();
        }
        if (values.text(Setting.JOB_REPOSITORY_URL) == null) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "broker-url is set, and job-repository-url is not",
                    "Workers and the run that sends them units share a job repository: set "
                            + Setting.JOB_REPOSITORY_URL.waysToGive() + ".");
        }
        if ((user == null) != (password == null)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "of broker-user and broker-password only one is set",
                    "Set both, or neither.");
        }
        return Optional.of(new Broker(url, user, password));
    }

    /** What is wrong with an address, in words that go on from "but"; empty if nothing is. */
    static Optional<String> fault(String url) {
        if (!ADDRESS.matcher(url).matches()) {
            return Optional.of("must be tcp://host:port, with Artemis' own parameters behind it");
        }
        if (UNVERIFIED.matcher(url).matches()) {
            return Optional.of("must not switch the check of the broker's certificate off");
        }
        return ENCRYPTED.matcher(url).matches() || THIS_MACHINE.matcher(url).matches()
                ? Optional.empty()
                : Optional.of("must be encrypted (sslEnabled=true), unless the broker is on this machine");
    }
}
