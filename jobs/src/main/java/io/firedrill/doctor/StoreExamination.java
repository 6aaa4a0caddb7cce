package io.firedrill.doctor;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.StoreProbe;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Looks at a store, and tries with objects of its own, which it removes, whether the store keeps what all others rely on. */
public final class StoreExamination {
    /** Where the objects lie for the moment: nothing else does. */
    public static final String PREFIX = "doctor/";

    private static final long FREE_FAIL = 64L << 20;
    private static final long FREE_WARN = 1L << 30;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final StoreProbe probe;
    private final InstantSource clock;
    private final boolean lockWanted;
    private final Findings findings = new Findings("store");

    /** @param lockWanted whether evidence is to be locked there */
    public StoreExamination(StoreProbe probe, InstantSource clock, boolean lockWanted) {
        this.probe = probe;
        this.clock = clock;
        this.lockWanted = lockWanted;
    }

    /** @param name that nobody else uses */
    public Findings examine(String name) {
        probe.endpoint().ifPresent(this::transport);
        findings.require(Check.REACHABLE, () -> {
            probe.list();
            findings.ok(Check.REACHABLE, probe.location());
        });
        if (findings.failed(Check.REACHABLE)) {
            findings.skip(List.of(Check.WRITE, Check.CHECKSUM, Check.CLOCK), "the store cannot be listed");
        } else {
            inside(name);
        }
        return findings;
    }

    private void transport(URI endpoint) {
        var tls = new TlsCheck(clock, findings);
        boolean encrypted = "https".equals(endpoint.getScheme());
        int usual = encrypted ? 443 : 80;
        String host = endpoint.getHost() + ":" + (endpoint.getPort() < 0 ? usual : endpoint.getPort());
        if (encrypted) {
            tls.encrypted(List.of(host));
        } else {
            tls.plain(List.of(host), "Give s3-endpoint as https.");
        }
    }

    private void inside(String name) {
        write(ObjectKey.of(PREFIX + name));
        checksum(ObjectKey.of(PREFIX + name + "-checksum"));
        if (lockWanted) {
            // Where it is needed, not to be let look is not to know.
            findings.require(Check.LOCK, () -> lock(probe.locks()));
        } else {
            findings.ask(Check.LOCK, () -> lock(probe.locks()));
        }
        findings.ask(Check.VERSIONS, () -> versions(probe.keepsVersions()));
        findings.ask(Check.LIFECYCLE, () -> lifecycle(probe.expirations()));
        if (!findings.failed(Check.WRITE)) {
            findings.require(Check.SPACE, () -> probe.bytesFree().ifPresent(this::space));
        }
    }

    private void write(ObjectKey key) {
        findings.require(Check.WRITE, () -> {
            boolean once = tried(key);
            probe.remove(key);
            if (once) {
                findings.ok(Check.WRITE, "written, not overwritten, read and deleted");
            } else {
                findings.fail(
                        Check.WRITE,
                        FailureKind.CONFIGURATION_INVALID,
                        "a second object under the same key replaced the first: the store has no conditional writes",
                        "Use a store that keeps to If-None-Match: without it two runs would overwrite each other's work.");
            }
        });
    }

    private boolean tried(ObjectKey key) {
        try {
            boolean once = probe.createsOnce(key);
            clock(key);
            return once;
        } catch (Failure failure) {
            try {
                // It may have come half way.
                probe.remove(key);
            } catch (Failure left) {
                failure.addSuppressed(left);
            }
            throw failure;
        }
    }

    private void clock(ObjectKey key) {
        Instant before = clock.instant();
        Instant theirs = probe.clock(key);
        Duration half = Duration.between(before, clock.instant()).dividedBy(2);
        // S3 tells whole seconds, and the time of a file was that of its writing.
        ClockCheck.judge(findings, "the store", Duration.between(before.plus(half), theirs), half.plus(SECOND));
    }

    private void checksum(ObjectKey key) {
        findings.require(Check.CHECKSUM, () -> {
            if (probe.refusesWrongChecksum(key)) {
                findings.ok(Check.CHECKSUM, "bytes that do not match their SHA-256 are refused");
            } else {
                probe.remove(key);
                findings.fail(
                        Check.CHECKSUM,
                        FailureKind.CONFIGURATION_INVALID,
                        "bytes were stored that do not match their SHA-256",
                        "Use a store that checks x-amz-checksum-sha256: damage on the way would show at a restore only.");
            }
        });
    }

    private void lock(Optional<Boolean> locks) {
        if (locks.orElse(false)) {
            findings.ok(Check.LOCK, "the bucket can lock objects, by its configuration; whether we may was not tried");
        } else if (lockWanted) {
            findings.fail(
                    Check.LOCK,
                    FailureKind.CONFIGURATION_INVALID,
                    "evidence-lock is set, and the store locks nothing",
                    "Keep evidence in a bucket that was created with Object Lock, or unset FIREDRILL_EVIDENCE_LOCK.");
        } else {
            findings.ok(Check.LOCK, "the store locks nothing, and evidence-lock is off");
        }
    }

    private void versions(Optional<Boolean> kept) {
        findings.ok(
                Check.VERSIONS,
                kept.map(versioned -> versioned ? "deleted objects are kept as versions" : "deleted objects are gone")
                        .orElse("the store knows no versions"));
    }

    private void lifecycle(Optional<List<String>> rules) {
        List<String> expirations = rules.orElse(List.of());
        if (rules.isEmpty()) {
            findings.ok(Check.LIFECYCLE, "the store has no such rules");
        } else if (expirations.isEmpty()) {
            findings.ok(Check.LIFECYCLE, "no rule of the store's deletes objects here");
        } else {
            findings.fail(
                    Check.LIFECYCLE,
                    FailureKind.CONFIGURATION_INVALID,
                    "rules of the bucket delete objects after a time: " + String.join(", ", expirations),
                    "Take the store's prefix out of them: segments are shared by backups of any age; 'firedrill prune' deletes.");
        }
    }

    private void space(long free) {
        String seen = "%d MiB free".formatted(free >> 20);
        String hint = "Make room in the store's file system, or prune old backups.";
        if (free < FREE_FAIL) {
            findings.fail(Check.SPACE, FailureKind.STORE_FULL, seen, hint);
        } else if (free < FREE_WARN) {
            findings.warn(Check.SPACE, FailureKind.STORE_FULL, seen, hint);
        } else {
            findings.ok(Check.SPACE, seen);
        }
    }
}
