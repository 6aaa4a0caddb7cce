package io.firedrill.doctor;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.mongo.HistoryWindow;
import io.firedrill.mongo.Member;
import io.firedrill.mongo.Member.Standing;
import io.firedrill.mongo.OplogHistory;
import io.firedrill.mongo.Transport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks at a replica set and at what we may do there. It only reads. */
public final class DeploymentExamination {
    private static final long LAG_SECONDS_MAX = 30;
    private static final Duration HISTORY_USUAL = Duration.ofMinutes(5);
    private static final int MAJOR_MIN = 6;

    private static final List<Check> INSIDE = List.of(Check.VERSION, Check.PRIVILEGES, Check.EXCESS);

    private final String subject;
    private final String uri;
    private final InstantSource clock;
    private final Wanted wanted;
    private final Findings findings;

    /**
     * What is asked of a replica set.
     *
     * @param needed the roles that our user has to fill
     * @param useful the roles that some runs need besides
     * @param fitting the roles that he may fill besides
     * @param database that migrations are applied to; empty where none are
     * @param history whether it is read at moments that have passed
     * @param outageBudget for how long its archiver may be down, if it has one
     */
    public record Wanted(
            Set<Role> needed,
            Set<Role> useful,
            Set<Role> fitting,
            String database,
            boolean history,
            Optional<Duration> outageBudget) {}

    /** @param uri a connection string; it is secret and appears in no finding */
    public DeploymentExamination(String subject, String uri, InstantSource clock, Wanted wanted) {
        this.subject = subject;
        this.uri = uri;
        this.clock = clock;
        this.wanted = wanted;
        this.findings = new Findings(subject);
    }

    /** Looks, from the outside to the inside: what cannot be reached is not asked. */
    public Findings examine() {
        findings.require(Check.REACHABLE, () -> {
            Transport transport = Deployments.transport(uri, subject);
            findings.inside(isBelieved(transport), List.of(Check.REACHABLE), () -> members(transport));
        });
        return findings;
    }

    /** Whether there is a connection to be had: one that is not encrypted, or not for long any more, works all the same. */
    private boolean isBelieved(Transport transport) {
        var tls = new TlsCheck(clock, findings);
        if (!transport.tls()) {
            tls.plain(transport.hosts(), "Put tls=true into the %s connection string.".formatted(subject));
        } else if (transport.verified()) {
            return tls.encrypted(
                    transport.hosts(),
                    transport.files(),
                    "tlsCAFile in the connection string, or -Djavax.net.ssl.trustStore in FIREDRILL_JAVA_OPTS");
        } else {
            tls.unverified("Take tlsInsecure, tlsAllowInvalidHostnames and the like out of the %s connection string."
                    .formatted(subject));
        }
        return true;
    }

    private void members(Transport transport) {
        List<Member> members = everyone(transport.hosts());
        Optional<Failure> refused = members.stream()
                .flatMap(member -> member.failure().stream())
                .filter(failure -> failure.kind() == FailureKind.ACCESS_DENIED)
                .findFirst();
        List<Member> answered =
                members.stream().filter(member -> member.failure().isEmpty()).toList();
        if (refused.isPresent() || answered.isEmpty()) {
            throw refused.or(() -> members.getFirst().failure()).orElseThrow();
        }
        requireSet(transport, answered);
        findings.ok(Check.REACHABLE, names(answered));
        boolean primary = answered.stream().anyMatch(member -> member.standing() == Standing.PRIMARY);
        health(members, answered, primary);
        answered.stream()
                .max(Comparator.comparing(member -> member.ahead().abs()))
                .ifPresent(worst -> ClockCheck.judge(findings, worst.host(), worst.ahead(), worst.within()));
        if (primary) {
            inside();
        } else {
            findings.skip(INSIDE, "there is no primary to ask");
        }
    }

    /** Those that are named, and those that they name. */
    private List<Member> everyone(List<String> hosts) {
        List<Member> named = Member.look(uri, subject, hosts, clock);
        List<String> more = named.stream()
                .flatMap(member -> member.known().stream())
                .distinct()
                .filter(host -> !hosts.contains(host))
                // One server under two names is one server.
                .filter(_ -> named.stream().noneMatch(member -> member.known().size() == 1))
                .toList();
        List<Member> all = new ArrayList<>(named);
        all.addAll(Member.look(uri, subject, more, clock));
        return all;
    }

    private void requireSet(Transport transport, List<Member> answered) {
        for (Member member : answered) {
            if (member.standing() == Standing.STANDALONE) {
                throw unsuitable(
                        "%s is a standalone: it has no oplog and no snapshot reads".formatted(member.host()),
                        "Start mongod with --replSet and initiate it; a replica set of one member is enough.");
            }
            if (member.standing() == Standing.MONGOS) {
                throw unsuitable(
                        "%s is a mongos: sharded clusters are not supported yet".formatted(member.host()),
                        "Point Firedrill at a replica set.");
            }
            if (transport.setName().filter(name -> !name.equals(member.set())).isPresent()) {
                throw unsuitable(
                        "%s belongs to the replica set '%s', and the connection string says '%s'"
                                .formatted(
                                        member.host(),
                                        member.set(),
                                        transport.setName().get()),
                        "Correct replicaSet in the %s connection string, or its hosts.".formatted(subject));
            }
        }
    }

    private static Failure unsuitable(String message, String hint) {
        return new Failure(FailureKind.SOURCE_UNSUITABLE, message, hint);
    }

    private void health(List<Member> all, List<Member> answered, boolean primary) {
        long newest = answered.stream().mapToLong(Member::lastWrite).max().orElse(0);
        List<String> ill = all.stream()
                .flatMap(member -> complaint(member, newest).stream())
                .toList();
        if (!primary) {
            findings.fail(
                    Check.MEMBERS,
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "there is no primary among %s".formatted(names(answered)),
                    "Bring a majority of the set's members up, and see rs.status() why none is elected.");
        } else if (ill.isEmpty()) {
            findings.ok(Check.MEMBERS, "%d of %d healthy, with a primary".formatted(all.size(), all.size()));
        } else {
            findings.warn(
                    Check.MEMBERS,
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    String.join("; ", ill),
                    "See rs.status() and that member's log: with one member less the set may be without a primary.");
        }
    }

    private static Optional<String> complaint(Member member, long newest) {
        long lag = newest - member.lastWrite();
        return switch (member.standing()) {
            case SILENT -> Optional.of(member.host() + " does not answer");
            case SECONDARY ->
                lag > LAG_SECONDS_MAX
                        ? Optional.of("%s is %d s behind".formatted(member.host(), lag))
                        : Optional.empty();
            case PRIMARY -> Optional.empty();
            default -> Optional.of(member.host() + " is neither primary nor secondary");
        };
    }

    private void inside() {
        try (Deployment deployment = Deployments.connectToLook(uri, subject)) {
            findings.ask(Check.VERSION, () -> version(deployment));
            if (wanted.history()) {
                findings.ask(Check.HISTORY, () -> history(HistoryWindow.of(deployment)));
            }
            wanted.outageBudget()
                    .ifPresent(budget -> findings.ask(
                            Check.OPLOG,
                            () -> oplog(OplogHistory.unfenced(deployment).window(), budget)));
            findings.require(
                    Check.PRIVILEGES,
                    () -> new PrivilegeCheck(deployment, wanted.database(), findings)
                            .look(wanted.needed(), wanted.useful(), wanted.fitting()));
        }
    }

    private void version(Deployment deployment) {
        var identity = deployment.identity();
        String version = identity.version();
        String features = identity.featureCompatibilityVersion();
        if (Integer.parseInt(version.split("\\.", -1)[0]) < MAJOR_MIN) {
            findings.fail(
                    Check.VERSION,
                    FailureKind.SOURCE_UNSUITABLE,
                    "MongoDB %s is too old".formatted(version),
                    "Upgrade it to 6.0 or later.");
        } else if (!version.startsWith(features + ".")) {
            findings.warn(
                    Check.VERSION,
                    FailureKind.SOURCE_UNSUITABLE,
                    "MongoDB %s with the features of %s: an upgrade is half done".formatted(version, features),
                    "Finish it with setFeatureCompatibilityVersion: staging has to have the same.");
        } else {
            findings.ok(Check.VERSION, "MongoDB %s, features of %s".formatted(version, features));
        }
    }

    private void history(Duration window) {
        String seen = "snapshots can be read for %d s".formatted(window.toSeconds());
        String hint = "Set minSnapshotHistoryWindowInSeconds to 300 or more on every member.";
        if (window.isZero()) {
            findings.fail(Check.HISTORY, FailureKind.SOURCE_UNSUITABLE, seen, hint);
        } else if (window.compareTo(HISTORY_USUAL) < 0) {
            findings.warn(Check.HISTORY, FailureKind.SOURCE_UNSUITABLE, seen, hint);
        } else {
            findings.ok(Check.HISTORY, seen);
        }
    }

    private void oplog(Duration window, Duration budget) {
        String seen = "it reaches back %d s, and archive-outage-budget is %d s"
                .formatted(window.toSeconds(), budget.toSeconds());
        String hint = "Make it larger (replSetResizeOplog), or the archive-outage-budget smaller.";
        if (window.compareTo(budget) < 0) {
            findings.fail(Check.OPLOG, FailureKind.SOURCE_UNSUITABLE, seen, hint);
        } else if (window.compareTo(budget.multipliedBy(2)) < 0) {
            findings.warn(Check.OPLOG, FailureKind.SOURCE_UNSUITABLE, seen + "; twice as far is wanted", hint);
        } else {
            findings.ok(Check.OPLOG, seen);
        }
    }

    private static String names(List<Member> members) {
        return members.stream().map(Member::host).collect(Collectors.joining(", "));
    }
}
