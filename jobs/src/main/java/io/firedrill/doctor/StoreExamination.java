package io.firedrill.doctor;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.StoreProbe;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Looks at a store, and tries with objects of its own, which it removes, whether the store keeps what all others rely on. */
public final class StoreExamination {
    /** Where the objects lie for the moment: nothing else does. */
    public static final String PREFIX = "doctor/";

    private static final long FREE_FAIL = 64L << 20;
    private static final long FREE_WARN = 1L << 30;
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Longer than clocks may be apart; short, since nobody can shorten it. */
    private static final Duration LOCKED_FOR = Duration.ofMinutes(5);

    private final StoreProbe probe;
    private final InstantSource clock;
    private final Wanted wanted;
    private final Findings findings = new Findings("store");

    /**
     * What is asked of a store.
     *
     * @param lock whether evidence is to be locked there
     * @param deletions below which prefixes things are to be deleted, each with a slash at its end; none where nothing is
     * @param prunes whether that is what is to be run, and not one of several things that could be
     */
    public record Wanted(boolean lock, List<String> deletions, boolean prunes) {}

    public StoreExamination(StoreProbe probe, InstantSource clock, Wanted wanted) {
        this.probe = probe;
        this.clock = clock;
        this.wanted = wanted;
    }

    /** @param name that nobody else uses */
    public Findings examine(String name) {
        if (!probe.exists()) {
            absent();
            return findings;
        }
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

    /** It is not made here: where a mount is missing, that would hide it. */
    private void absent() {
        findings.warn(
                Check.REACHABLE,
                FailureKind.CONFIGURATION_INVALID,
                "%s does not exist; the first run would make it, as an empty store".formatted(probe.location()),
                "Make it yourself if that is meant; if there should be backups in it, a mount is missing, or the path is wrong.");
        findings.skip(List.of(Check.WRITE, Check.CHECKSUM, Check.CLOCK, Check.SPACE), "there is no store yet");
    }

    private void transport(URI endpoint) {
        var tls = new TlsCheck(clock, findings);
        boolean encrypted = "https".equals(endpoint.getScheme());
        int usual = encrypted ? 443 : 80;
        String host = endpoint.getHost() + ":" + (endpoint.getPort() < 0 ? usual : endpoint.getPort());
        if (encrypted) {
            tls.encrypted(List.of(host), Optional.empty(), "-Djavax.net.ssl.trustStore in FIREDRILL_JAVA_OPTS");
        } else {
            tls.plain(List.of(host), "Give s3-endpoint as https.");
        }
    }

    private void inside(String name) {
        write(ObjectKey.of(PREFIX + name));
        checksum(ObjectKey.of(PREFIX + name + "-checksum"));
        if (!wanted.deletions().isEmpty()) {
            deletions(name);
        }
        if (wanted.lock()) {
            // Where it is needed, not to be let look is not to know.
            findings.require(Check.LOCK, () -> lock(probe.locks(), ObjectKey.of(PREFIX + name + "-locked")));
        } else {
            findings.ask(Check.LOCK, () -> unwantedLock(probe.locks()));
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
            removeAfter(failure, key);
            throw failure;
        }
    }

    /** It may have come half way. */
    private void removeAfter(Failure failure, ObjectKey key) {
        try {
            probe.remove(key);
        } catch (Failure left) {
            failure.addSuppressed(left);
        }
    }

    private void clock(ObjectKey key) {
        Instant before = clock.instant();
        Instant theirs = probe.clock(key);
        Duration half = Duration.between(before, clock.instant()).dividedBy(2);
        // S3 tells whole seconds, and the time of a file was that of its writing.
        ClockCheck.judge(findings, "the store", Duration.between(before.plus(half), theirs), half.plus(SECOND));
    }

    /** Whatever came of it, nothing of it is left: a store that says no may have kept it all the same. */
    private void checksum(ObjectKey key) {
        findings.require(Check.CHECKSUM, () -> {
            boolean refused;
            try {
                refused = probe.refusesWrongChecksum(key);
            } catch (Failure failure) {
                removeAfter(failure, key);
                throw failure;
            }
            probe.remove(key);
            if (refused) {
                findings.ok(Check.CHECKSUM, "bytes that do not match their SHA-256 are refused");
            } else {
                findings.fail(
                        Check.CHECKSUM,
                        FailureKind.CONFIGURATION_INVALID,
                        "bytes were stored that do not match their SHA-256",
                        "Use a store that checks x-amz-checksum-sha256: damage on the way would show at a restore only.");
            }
        });
    }

    /** Nothing is deleted that anybody has. */
    private void deletions(String name) {
        try {
            wanted.deletions().forEach(prefix -> probe.mayDelete(prefix, "doctor-" + name));
            findings.ok(
                    Check.DELETE,
                    "nobody says no to a deletion below "
                            + wanted.deletions().stream().sorted().collect(Collectors.joining(", ")));
        } catch (Failure refused) {
            if (wanted.prunes()) {
                findings.fail(Check.DELETE, refused);
            } else {
                findings.warn(
                        Check.DELETE,
                        refused.kind(),
                        refused.text(),
                        "Whoever runs 'firedrill prune' needs that right; where this one only backs up, look with --for backup.");
            }
        }
    }

    /** Tried with an object of its own, since nothing else shows that we may, and that the store keeps its word. */
    private void lock(Optional<Boolean> locks, ObjectKey key) {
        if (locks.orElse(false)) {
            Instant until = clock.instant().plus(LOCKED_FOR).truncatedTo(ChronoUnit.SECONDS);
            if (probe.locksUntil(key, until)) {
                findings.ok(
                        Check.LOCK,
                        "%s is locked until %s, by the store's word; %s".formatted(key, until, removed(key)));
            } else {
                findings.fail(
                        Check.LOCK,
                        FailureKind.CONFIGURATION_INVALID,
                        "the store took an object to be locked, and does not say that it is locked",
                        "Its Object Lock does not work: keep evidence in another store, or unset FIREDRILL_EVIDENCE_LOCK.");
            }
        } else {
            findings.fail(
                    Check.LOCK,
                    FailureKind.CONFIGURATION_INVALID,
                    "evidence-lock is set, and the store locks nothing",
                    "Keep evidence in a bucket that was created with Object Lock, or unset FIREDRILL_EVIDENCE_LOCK.");
        }
    }

    /** In COMPLIANCE nobody can take it away before its time. */
    private String removed(ObjectKey key) {
        try {
            probe.remove(key);
            return "deleted, but for that version";
        } catch (Failure _) {
            return "it cannot be deleted before that, and stays there";
        }
    }

    private void unwantedLock(Optional<Boolean> locks) {
        findings.ok(
                Check.LOCK,
                locks.orElse(false)
                        ? "the bucket can lock objects; evidence-lock is off, so whether we may was not tried"
                        : "the store locks nothing, and evidence-lock is off");
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
