package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.doctor.Check;
import io.firedrill.doctor.DeploymentExamination;
import io.firedrill.doctor.DeploymentExamination.Wanted;
import io.firedrill.doctor.Finding;
import io.firedrill.doctor.Findings;
import io.firedrill.doctor.Role;
import io.firedrill.doctor.StoreExamination;
import io.firedrill.evidence.SigningKey;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.Deployments;
import io.firedrill.restore.StagingGuard;
import io.firedrill.restore.StagingMarker;
import io.firedrill.restore.StagingPreparer;
import io.firedrill.staging.StagingServer;
import io.firedrill.storage.StoreProbe;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Looks at everything outside that a run would need, before it does. It leaves nothing behind. */
final class Examining {
    /** Below a source: what goes by retention. */
    private static final List<String> OF_PRUNE = List.of("backups", "segments", "oplog", "seals");

    private final Workspace workspace;
    private final Settings settings;
    private final StagingGuard guard;
    private final Supplier<List<DeploymentIdentity>> sources;

    Examining(Workspace workspace, StagingGuard guard, Supplier<List<DeploymentIdentity>> sources) {
        this.workspace = workspace;
        this.settings = workspace.settings();
        this.guard = guard;
        this.sources = sources;
    }

    List<Finding> examine(DoctorRequest request) {
        List<Finding> all = new ArrayList<>();
        if (request.purposes().stream().anyMatch(Purpose::needsSource)) {
            all.addAll(source(request).examine().all());
        }
        if (request.purposes().stream().anyMatch(Purpose::needsStaging)) {
            all.addAll(settings.ephemeralStaging() ? ephemeral() : staging());
        }
        all.addAll(shared(request.purposes()));
        if (settings.store() != null) {
            Findings store = store(request.purposes());
            all.addAll(store.all());
            all.addAll(evidence(!store.failed(Check.REACHABLE)));
        }
        return all;
    }

    /** What processes share beside the store, where the settings name it. */
    private List<Finding> shared(Set<Purpose> purposes) {
        InstantSource clock = workspace.clocks().wall();
        List<Finding> all = new ArrayList<>();
        if (purposes.stream().anyMatch(Purpose::isSpread)) {
            settings.broker()
                    .ifPresent(broker -> all.addAll(
                            new BrokerExamination(broker, clock).examine().all()));
        }
        if (settings.jobRepositoryUrl() != null && purposes.stream().anyMatch(Purpose::needsRepository)) {
            all.addAll(new RepositoryExamination(settings, clock).examine().all());
        }
        return all;
    }

    private DeploymentExamination source(DoctorRequest request) {
        Set<Purpose> purposes = request.purposes();
        Set<Role> needed = EnumSet.noneOf(Role.class);
        purposes.forEach(purpose -> Role.of(purpose == Purpose.MIGRATIONS ? "migrations-list" : purpose.id())
                .filter(role -> role != Role.RESTORE)
                .ifPresent(needed::add));
        Set<Role> fitting = EnumSet.of(Role.BACKUP, Role.ARCHIVE);
        fitting.addAll(needed);
        Optional<Duration> budget = purposes.contains(Purpose.ARCHIVE)
                ? Optional.of(settings.archive().outageBudget())
                : Optional.empty();
        String database = Objects.requireNonNullElse(request.database(), "");
        return new DeploymentExamination(
                "source",
                Objects.requireNonNull(settings.sourceUri()).reveal(),
                workspace.clocks().wall(),
                new Wanted(needed, Set.of(), fitting, database, purposes.contains(Purpose.BACKUP), budget));
    }

    private List<Finding> staging() {
        Findings findings = new DeploymentExamination(
                        "staging",
                        Objects.requireNonNull(settings.stagingUri()).reveal(),
                        workspace.clocks().wall(),
                        new Wanted(
                                Set.of(Role.RESTORE),
                                Set.of(Role.REPLAY),
                                EnumSet.of(Role.RESTORE, Role.REPLAY),
                                "",
                                false,
                                Optional.empty()))
                .examine();
        boolean there = findings.lookedAt(Check.PRIVILEGES) || findings.lookedAt(Check.EXCESS);
        if (there) {
            findings.ask(Check.TARGET, () -> target(findings));
        } else {
            findings.skip(Check.TARGET, "staging cannot be asked");
        }
        return findings.all();
    }

    private void target(Findings findings) {
        String uri = Objects.requireNonNull(settings.stagingUri()).reveal();
        try (Deployment deployment = Deployments.connectToLook(uri, "staging")) {
            StagingGuard.Target target = new StagingPreparer(deployment, new StagingMarker(deployment)).look();
            Optional<List<DeploymentIdentity>> known = sources(findings);
            if (known.isEmpty()) {
                return;
            }
            guard.checkBeforehand(target, known.get());
            String name = target.identity().setName();
            target.mark()
                    .ifPresentOrElse(
                            mark -> findings.warn(
                                    Check.TARGET,
                                    FailureKind.TARGET_REFUSED,
                                    "'%s' holds backup %s, restored by run %s (%s)"
                                            .formatted(name, mark.backupId(), mark.runId(), mark.state()),
                                    "Run 'firedrill staging clean' to drop it; a run that was cut off goes on with it."),
                            () -> findings.ok(Check.TARGET, "'%s' is allowed, empty, and no source".formatted(name)));
        }
    }

    /** Whom staging must not be; empty where a store or a source does not tell, which is no fault of staging's. */
    private Optional<List<DeploymentIdentity>> sources(Findings findings) {
        try {
            return Optional.of(sources.get());
        } catch (Failure failure) {
            findings.skip(Check.TARGET, failure.kind(), "whom it must not be is not known: " + failure.text());
            return Optional.empty();
        }
    }

    private List<Finding> ephemeral() {
        var findings = new Findings("staging");
        findings.require(Check.MONGOD, () -> findings.ok(Check.MONGOD, StagingServer.versionOf(settings.mongod())));
        return findings.all();
    }

    private Findings store(Set<Purpose> purposes) {
        var findings = new Findings("store");
        try (StoreProbe probe = workspace.probe()) {
            var wanted = new StoreExamination.Wanted(
                    settings.evidence().lock().isPresent(),
                    purposes.contains(Purpose.PRUNE) ? deletions() : List.of(),
                    purposes.equals(Set.of(Purpose.PRUNE)));
            return new StoreExamination(probe, workspace.clocks().wall(), wanted)
                    .examine(UUID.randomUUID().toString());
        } catch (Failure failure) {
            findings.fail(Check.REACHABLE, failure);
            return findings;
        }
    }

    /** Where prune deletes; of a store that cannot be listed another check tells. */
    private List<String> deletions() {
        List<String> sources;
        try {
            sources = BackupCatalog.sources(workspace.store());
        } catch (Failure _) {
            sources = List.of();
        }
        // Where there is no source yet, of one that there never is.
        return (sources.isEmpty() ? List.of("doctor") : sources)
                .stream()
                        .flatMap(source -> OF_PRUNE.stream().map(folder -> "sources/%s/%s/".formatted(source, folder)))
                        .toList();
    }

    private List<Finding> evidence(boolean store) {
        var findings = new Findings("firedrill");
        if (store) {
            findings.require(Check.EVIDENCE, () -> key(findings));
        } else {
            findings.skip(Check.EVIDENCE, "the store cannot be listed");
        }
        told(findings);
        return findings.all();
    }

    private void told(Findings findings) {
        boolean webhook = settings.notifications().webhook() != null;
        boolean mail = settings.notifications().mail().isPresent();
        if (webhook || mail) {
            findings.ok(Check.NOTIFICATIONS, words(webhook, mail));
        } else {
            findings.warn(
                    Check.NOTIFICATIONS,
                    FailureKind.CONFIGURATION_INVALID,
                    "nobody is told of runs that fail: neither notify-webhook nor notify-mail-to is set",
                    "Set FIREDRILL_NOTIFY_WEBHOOK or the settings of e-mail; alerts upon 'firedrill metrics' are a second way, and no substitute.");
        }
    }

    private static String words(boolean webhook, boolean mail) {
        return "runs that fail are told to %s; nothing was sent"
                .formatted(webhook && mail ? "a webhook and by e-mail" : webhook ? "a webhook" : "people by e-mail");
    }

    private void key(Findings findings) {
        var ledger = workspace.ledger();
        Optional<SigningKey> key = new EvidenceKeys(settings).present(ledger);
        // A writer would write the checkpoint of a run that died before it could: nothing is to be written here.
        key.ifPresent(ledger::requireSignedWith);
        findings.ok(
                Check.EVIDENCE,
                key.map(present -> "the key %s signs ledger %s".formatted(present.id(), ledger.id()))
                        .orElse("no key yet, and nothing signed: the first run makes one"));
    }
}
