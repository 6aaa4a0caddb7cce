package io.firedrill.doctor;

import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Whether what is said on the way to a server stays between the two, and for how long it will. */
public final class TlsCheck {
    static final long WARN_DAYS = 30;
    static final long FAIL_DAYS = 7;

    private static final int PORT_OF_MONGODB = 27_017;

    private final InstantSource clock;
    private final Findings findings;

    public TlsCheck(InstantSource clock, Findings findings) {
        this.clock = clock;
        this.findings = findings;
    }

    /** A connection that is not encrypted: fine as long as it does not leave this machine. */
    public void plain(List<String> hosts, String remedy) {
        List<String> away = away(hosts);
        if (away.isEmpty()) {
            findings.ok(Check.TLS, "not encrypted, and on this machine: " + String.join(", ", hosts));
        } else {
            findings.fail(
                    Check.TLS,
                    FailureKind.CONFIGURATION_INVALID,
                    "passwords and data go unencrypted to " + String.join(", ", away),
                    remedy);
        }
    }

    /** Host names that are not compared let anybody in between who has any certificate that is trusted. */
    public void unverified(String remedy) {
        findings.fail(
                Check.TLS,
                FailureKind.CONFIGURATION_INVALID,
                "the host name in the certificate is not checked",
                remedy);
    }

    /**
     * Begins TLS with each; what is wrong with one hides nothing of the others.
     *
     * @param files what TLS goes by, in the place of what this machine trusts
     * @param trusting where an authority can be named that is to be trusted
     * @return whether all that answered are believed
     */
    public boolean encrypted(List<String> hosts, Optional<SSLContext> files, String trusting) {
        return encrypted(hosts, files, trusting, Certificates.Opening.NONE);
    }

    /** The same, where something has to be said before TLS begins. */
    public boolean encrypted(
            List<String> hosts, Optional<SSLContext> files, String trusting, Certificates.Opening opening) {
        List<String> good = new ArrayList<>();
        boolean believed = true;
        for (String host : hosts) {
            try {
                Certificates shown = Certificates.of(nameOf(host), portOf(host), files, opening);
                believed &= shown.distrust().isEmpty();
                if (isSound(host, shown, trusting)) {
                    good.add("%s %s, %s".formatted(host, shown.protocol(), left(shown)));
                }
            } catch (IOException thrown) {
                findings.skip(
                        Check.TLS,
                        "%s does not answer (%s)"
                                .formatted(host, thrown.getClass().getSimpleName()));
            }
        }
        if (!good.isEmpty()) {
            findings.ok(Check.TLS, String.join("; ", good));
        }
        return believed;
    }

    private boolean isSound(String host, Certificates shown, String trusting) {
        if (shown.distrust().isPresent()) {
            findings.fail(
                    Check.TLS,
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "%s is not believed: %s (%s)"
                            .formatted(host, shown.distrust().get(), left(shown)),
                    "Give the server a certificate for this name that has not expired, or have its authority trusted: %s."
                            .formatted(trusting));
            return false;
        }
        long days = shown.expires().map(this::daysTo).orElse(Long.MAX_VALUE);
        String seen = "the certificate of %s expires in %d days".formatted(host, days);
        String hint = "Renew it, and have the server read the new one.";
        if (days < FAIL_DAYS) {
            findings.fail(Check.TLS, FailureKind.DEPENDENCY_UNAVAILABLE, seen, hint);
        } else if (days < WARN_DAYS) {
            findings.warn(Check.TLS, FailureKind.DEPENDENCY_UNAVAILABLE, seen, hint);
        }
        return days >= WARN_DAYS;
    }

    private String left(Certificates shown) {
        Optional<Instant> expires = shown.expires();
        return expires.map(at -> "certificate until %s".formatted(at.truncatedTo(ChronoUnit.SECONDS)))
                .orElse("no certificate");
    }

    private long daysTo(Instant expires) {
        return Duration.between(clock.instant(), expires).toDays();
    }

    /** Whether what is said to them does not leave this machine. */
    public static boolean areOnThisMachine(List<String> hosts) {
        return away(hosts).isEmpty();
    }

    private static List<String> away(List<String> hosts) {
        return hosts.stream().filter(host -> !isOnThisMachine(nameOf(host))).toList();
    }

    private static boolean isOnThisMachine(String host) {
        try {
            return host.startsWith("/") || InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    private static String nameOf(String host) {
        return host.replaceFirst(":\\d+$", "").replaceAll("^\\[|]$", "");
    }

    private static int portOf(String host) {
        return host.matches(".*[^:]:\\d+")
                ? Integer.parseInt(host.substring(host.lastIndexOf(':') + 1))
                : PORT_OF_MONGODB;
    }
}
