package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The broker that units go through, and who we are there. What goes over it are no documents and no secrets, but whoever
 * listens learns of what there is, so that it is encrypted unless it stays on this machine.
 */
record Broker(String url, @Nullable String user, @Nullable Secret password) {
    private static final Pattern ADDRESS = Pattern.compile(
            "tcp://(\\[[0-9A-Fa-f:]+]|[A-Za-z0-9.-]+):\\d{1,5}([?](?<parameters>[A-Za-z0-9=&;./_:-]*))?");
    private static final Pattern THIS_MACHINE = Pattern.compile("tcp://(localhost|127(\\.\\d{1,3}){3}|\\[::1]):.*");

    /** None that has a connection come back by itself: the units in hand were given to others meanwhile, and nobody would know. */
    private static final Set<String> PARAMETERS = Set.of(
            "sslEnabled",
            "trustStoreType",
            "trustStorePath",
            "keyStoreType",
            "keyStorePath",
            "enabledProtocols",
            "connectionTTL",
            "callTimeout");

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
        BothOrNeither.require(Setting.BROKER_USER, user, Setting.BROKER_PASSWORD, password);
        return Optional.of(new Broker(url, user, password));
    }

    /**
     * What is wrong with an address, in words that go on from "but"; empty if nothing is. Artemis takes parameters in many
     * forms, and the last of two; what is not plain is refused, so that nobody's check of a certificate is switched off unseen.
     */
    static Optional<String> fault(String url) {
        Matcher address = ADDRESS.matcher(url);
        if (!address.matches()) {
            return Optional.of("must be tcp://host:port, with plain parameters behind it");
        }
        Map<String, String> given = new HashMap<>();
        for (String parameter :
                Objects.requireNonNullElse(address.group("parameters"), "").split("[&;]", -1)) {
            String[] parts = parameter.split("=", 2);
            if (!parameter.isEmpty()
                    && (!PARAMETERS.contains(parts[0]) || given.put(parts[0], parts[parts.length - 1]) != null)) {
                return Optional.of("must have no parameter '%s', or have it once; known are %s"
                        .formatted(parts[0], String.join(", ", new TreeSet<>(PARAMETERS))));
            }
        }
        return "true".equals(given.get("sslEnabled"))
                        || THIS_MACHINE.matcher(url).matches()
                ? Optional.empty()
                : Optional.of("must be encrypted (sslEnabled=true), unless the broker is on this machine");
    }
}
