package io.firedrill.runner;

import io.firedrill.backup.LoadLimits;
import io.firedrill.evidence.Schedule;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.ReadFrom;
import io.firedrill.monitoring.Webhook;
import io.firedrill.oplog.ArchivePace;
import io.firedrill.retention.RetentionPolicy;
import io.firedrill.retention.Tier;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All settings of a run, understood and checked; null where nobody gave one that has no default. */
record Settings(
        @Nullable URI store,
        @Nullable URI s3Endpoint,
        @Nullable String s3Region,
        @Nullable Path storeKey,
        List<String> recipients,
        List<String> privateKeys,
        @Nullable Secret sourceUri,
        @Nullable String sourceName,
        ReadFrom readFrom,
        long readLimit,
        LoadLimits loadLimits,
        double rereadShare,
        @Nullable Secret stagingUri,
        Set<String> stagingAllow,
        Path stagingDir,
        String mongod,
        Path stateDir,
        @Nullable String jobRepositoryUrl,
        @Nullable String jobRepositoryUser,
        @Nullable Secret jobRepositoryPassword,
        Optional<Broker> broker,
        @Nullable Duration rtoTarget,
        @Nullable Duration rpoTarget,
        int lanes,
        Duration lease,
        Set<String> exclude,
        Archive archive,
        RetentionPolicy retention,
        Optional<Duration> keepOplog,
        Evidence evidence,
        String operator,
        Mode mode,
        Due due,
        Push push,
        Notify notifications,
        Duration progressInterval) {

    /** How the oplog is archived, how long it may not be, and how often a seal is taken meanwhile. */
    record Archive(ArchivePace pace, Duration outageBudget, Optional<Duration> sealInterval) {
        /** Whether the archiver could be down as long as it may, and then once more, and find everything still there. */
        boolean isEnough(Duration oplogWindow) {
            return oplogWindow.compareTo(wantedWindow()) >= 0;
        }

        Duration wantedWindow() {
            return outageBudget.multipliedBy(2);
        }
    }

    /** Where evidence goes, who signs it, whom a verification trusts, how long it is locked, and where copies of checkpoints go. */
    record Evidence(
            String ledger,
            @Nullable Path key,
            List<Path> roots,
            Optional<Duration> lock,
            @Nullable URI witness) {}

    /** What should run, if somebody said, and how late it may begin. */
    record Due(Optional<List<Schedule.Entry>> entries, Duration grace) {}

    /** Who we are at the Pushgateway. */
    record Push(@Nullable String user, @Nullable Secret password) {}

    /** Whom to tell of what went wrong, and how they read it. */
    record Notify(@Nullable Secret webhook, Webhook.Format format, Optional<Post> mail) {}

    /** The mail server, who we are there, and who writes to whom. */
    record Post(URI server, @Nullable String user, @Nullable Secret password, String from, Set<String> to) {}

    /** The schedule that is set for the source, if one is. */
    Optional<Schedule> schedule() {
        return due.entries().map(entries -> new Schedule(sourceName == null ? "" : sourceName, entries, due.grace()));
    }

    /** The ledger's name. */
    String ledger() {
        return evidence.ledger();
    }

    /** Understands what was given; the first value that makes no sense is a failure that names it and its origin. */
    static Settings of(Map<Setting, Given> given, Path workingDirectory) {
        var values = new SettingValues(given, workingDirectory);
        return new Settings(
                values.store(Setting.STORE),
                values.webAddress(Setting.S3_ENDPOINT),
                values.text(Setting.S3_REGION),
                values.path(Setting.STORE_KEY),
                values.keys(Setting.RECIPIENTS),
                values.keys(Setting.PRIVATE_KEYS),
                values.connection(Setting.SOURCE_URI),
                values.name(Setting.SOURCE_NAME),
                values.readFrom(Setting.READ_FROM),
                values.bytesPerSecond(Setting.READ_LIMIT),
                new LoadLimits(values.durationOrOff(Setting.WRITE_LATENCY_MAX)),
                values.share(Setting.REREAD_SHARE),
                values.staging(Setting.STAGING_URI),
                values.names(Setting.STAGING_ALLOW),
                values.text(Setting.STAGING_DIR) != null
                        ? values.directory(Setting.STAGING_DIR)
                        : values.directory(Setting.STATE_DIR).resolve("ephemeral"),
                values.present(Setting.MONGOD, values::text),
                values.directory(Setting.STATE_DIR),
                values.database(Setting.JOB_REPOSITORY_URL),
                values.text(Setting.JOB_REPOSITORY_USER),
                values.secret(Setting.JOB_REPOSITORY_PASSWORD),
                Broker.of(values),
                values.duration(Setting.RTO_TARGET),
                values.duration(Setting.RPO_TARGET),
                values.lanes(Setting.LANES),
                values.present(Setting.LEASE, values::duration),
                values.namespaces(Setting.EXCLUDE),
                new Archive(
                        new ArchivePace(
                                values.present(Setting.SLICE_INTERVAL, values::duration),
                                values.present(Setting.FENCE_INTERVAL, values::duration)),
                        values.present(Setting.ARCHIVE_OUTAGE_BUDGET, values::duration),
                        values.durationOrOff(Setting.SEAL_INTERVAL)),
                retention(values),
                values.durationOrOff(Setting.KEEP_OPLOG),
                new Evidence(
                        values.present(Setting.LEDGER, values::name),
                        values.path(Setting.EVIDENCE_KEY),
                        values.files(Setting.EVIDENCE_ROOTS),
                        values.lock(Setting.EVIDENCE_LOCK),
                        values.store(Setting.WITNESS_STORE)),
                values.present(Setting.OPERATOR, values::text),
                values.mode(Setting.MODE),
                new Due(values.schedule(Setting.SCHEDULE), values.present(Setting.SCHEDULE_GRACE, values::duration)),
                new Push(values.text(Setting.PUSH_USER), values.secret(Setting.PUSH_PASSWORD)),
                new Notify(
                        values.webhook(Setting.NOTIFY_WEBHOOK),
                        values.notifyFormat(Setting.NOTIFY_FORMAT),
                        post(values)),
                values.present(Setting.PROGRESS_INTERVAL, values::duration));
    }

    private static RetentionPolicy retention(SettingValues values) {
        return new RetentionPolicy(
                values.count(Setting.KEEP_LAST),
                Map.of(
                        Tier.HOURLY, values.keep(Setting.KEEP_HOURLY),
                        Tier.DAILY, values.keep(Setting.KEEP_DAILY),
                        Tier.WEEKLY, values.keep(Setting.KEEP_WEEKLY),
                        Tier.MONTHLY, values.keep(Setting.KEEP_MONTHLY)),
                values.present(Setting.KEEP_WITHIN, values::duration),
                values.present(Setting.PRUNE_LEFTOVERS, values::duration),
                values.present(Setting.PRUNE_GRACE, values::duration));
    }

    /** All that e-mail needs, or nothing of it. */
    private static Optional<Post> post(SettingValues values) {
        @Nullable URI server = values.mailServer(Setting.NOTIFY_SMTP);
        @Nullable String user = values.text(Setting.NOTIFY_SMTP_USER);
        @Nullable Secret password = values.secret(Setting.NOTIFY_SMTP_PASSWORD);
        @Nullable String from = values.mailAddress(Setting.NOTIFY_MAIL_FROM);
        Set<String> to = values.mailAddresses(Setting.NOTIFY_MAIL_TO);
        if (server == null && user == null && password == null && from == null && to.isEmpty()) {
            return Optional.empty();
        }
        if (server == null || from == null || to.isEmpty()) {
            Setting missing = server == null
                    ? Setting.NOTIFY_SMTP
                    : from == null ? Setting.NOTIFY_MAIL_FROM : Setting.NOTIFY_MAIL_TO;
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    missing.key() + " is not set, but other settings of e-mail are",
                    "Set " + missing.waysToGive() + "; or leave all of them out.");
        }
        BothOrNeither.require(Setting.NOTIFY_SMTP_USER, user, Setting.NOTIFY_SMTP_PASSWORD, password);
        return Optional.of(new Post(server, user, password, from, to));
    }

    /** Whether staging is a mongod that a drill starts for itself. */
    boolean ephemeralStaging() {
        return stagingUri != null && stagingUri.reveal().equals(SettingValues.EPHEMERAL);
    }

    /** Fails for the first of these settings that a command cannot do without. */
    void require(Collection<Setting> needed) {
        for (Setting setting : needed) {
            if (missing(setting)) {
                throw new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        setting.key() + " is not set",
                        "Set " + setting.waysToGive() + ".");
            }
        }
    }

    private boolean missing(Setting setting) {
        return switch (setting) {
            case STORE -> store == null;
            case SOURCE_URI -> sourceUri == null;
            case STAGING_URI -> stagingUri == null;
            case BROKER_URL -> broker.isEmpty();
            default -> throw new IllegalArgumentException(setting.key() + " is never required");
        };
    }
}
