package io.firedrill.runner;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Every setting, declared once: reading, help, {@code config show} and {@code docs/SETTINGS.md} derive from this list. */
enum Setting {
    STORE("store", "URL", "s3://backups/prod", "", "Where backups lie: s3://bucket/prefix or file:///directory."),
    S3_ENDPOINT(
            "s3-endpoint",
            "URL",
            "https://minio:9000",
            "",
            "S3 server, if it is not AWS; path-style addresses are used with it."),
    S3_REGION("s3-region", "NAME", "eu-central-1", "", "Region of the bucket; else the AWS SDK's own search for it."),
    STORE_KEY(
            "store-key",
            "FILE",
            "/run/secrets/store.key",
            "",
            "File with the store key of an encrypted store; every command that reads backups needs it."),
    RECIPIENTS(
            "recipients",
            "KEY,…",
            "/etc/firedrill/public.pem",
            "no encryption",
            "Whom backups are encrypted for: files with X25519 public keys, or keys of AWS KMS, aws-kms:ARN."),
    PRIVATE_KEYS(
            "private-keys",
            "KEY,…",
            "/run/secrets/private.pem",
            "",
            "What opens encrypted backups: files with X25519 private keys, or aws-kms:ARN. A backup needs none."),
    SOURCE_URI("source-uri", "URI", "mongodb://…", "", "Connection string of the replica set to back up.", true),
    SOURCE_URI_FILE(
            "source-uri-file",
            "FILE",
            "/run/secrets/source-uri",
            "",
            "File that holds the source's connection string."),
    SOURCE_NAME("source-name", "NAME", "orders", "the replica set's name", "Name of the source in the store."),
    READ_FROM(
            "read-from",
            "MEMBER",
            "db2:27017",
            "secondary",
            "Where a backup reads: secondary (if one keeps up, else the primary), primary, or a member's host:port."),
    READ_LIMIT(
            "read-limit",
            "BYTES/s",
            "50MB/s",
            "no limit",
            "How many bytes a second a backup may read, all lanes together."),
    WRITE_LATENCY_MAX(
            "write-latency-max",
            "DURATION",
            "100ms",
            "50ms",
            "A backup reads slower while the source's writes take longer than this on average; off never looks."),
    REREAD_SHARE(
            "reread-share",
            "SHARE",
            "20%",
            "5%",
            "Share of the segments without a change that a backup reads all the same, to prove it; 1% to 100%."),
    STAGING_URI(
            "staging-uri",
            "URI",
            "mongodb://…",
            "",
            "Connection string of the replica set to restore into; for a drill also ephemeral: (a mongod of its own).",
            true),
    STAGING_URI_FILE(
            "staging-uri-file",
            "FILE",
            "/run/secrets/staging-uri",
            "",
            "File that holds the staging set's connection string."),
    STAGING_ALLOW(
            "staging-allow",
            "SET,…",
            "staging,drill",
            "any set",
            "Names of the replica sets that may be restored into."),
    STAGING_DIR(
            "staging-dir",
            "DIR",
            "/var/tmp/firedrill",
            "ephemeral in the state directory",
            "Directory on a local disk for the data of an ephemeral staging."),
    MONGOD("mongod", "FILE", "/usr/bin/mongod", "mongod on the PATH", "The mongod that an ephemeral staging runs."),
    STATE_DIR(
            "state-dir",
            "DIR",
            "/var/lib/firedrill",
            "$XDG_STATE_HOME/firedrill or ~/.local/state/firedrill",
            "Directory for the embedded job repository and stack traces."),
    JOB_REPOSITORY_URL(
            "job-repository-url",
            "URL",
            "jdbc:postgresql://db/firedrill",
            "an H2 file in the state directory",
            "PostgreSQL database for the job repository, without user and password."),
    JOB_REPOSITORY_USER("job-repository-user", "NAME", "firedrill", "", "User of the job repository's database."),
    JOB_REPOSITORY_PASSWORD(
            "job-repository-password", "PASSWORD", "…", "", "Password of the job repository's database.", true),
    JOB_REPOSITORY_PASSWORD_FILE(
            "job-repository-password-file",
            "FILE",
            "/run/secrets/job-repository",
            "",
            "File that holds the job repository's password."),
    BROKER_URL(
            "broker-url",
            "URL",
            "tcp://broker:61617?sslEnabled=true",
            "no workers",
            "Artemis broker through which 'firedrill worker' processes get units of backups and restores."),
    BROKER_USER("broker-user", "NAME", "firedrill", "", "User at the broker."),
    BROKER_PASSWORD("broker-password", "PASSWORD", "…", "", "Password at the broker.", true),
    BROKER_PASSWORD_FILE(
            "broker-password-file", "FILE", "/run/secrets/broker", "", "File that holds the password at the broker."),
    RTO_TARGET("rto-target", "DURATION", "15m", "no target", "How long a restore may take, proof included."),
    RPO_TARGET("rpo-target", "DURATION", "1h30m", "no target", "How much of the newest data a disaster may cost."),
    LANES(
            "lanes",
            "N",
            "4",
            "the number of CPUs, at least 2, as far as the heap goes",
            "How many segments are worked on at a time, 1 to 64."),
    LEASE("lease", "DURATION", "60s", "60s", "How long a lock lives without a sign of life from its holder."),
    EXCLUDE(
            "exclude",
            "DB.COLL,…",
            "shop.sessions,shop.cache",
            "nothing",
            "Namespaces left out of a backup; the report lists them."),
    SLICE_INTERVAL(
            "slice-interval",
            "DURATION",
            "5s",
            "10s",
            "How long an entry of the oplog waits at most until the archive stores it with others."),
    FENCE_INTERVAL(
            "fence-interval",
            "DURATION",
            "30s",
            "1m",
            "How often the archiver writes a note into the source to measure the recovery point."),
    ARCHIVE_OUTAGE_BUDGET(
            "archive-outage-budget",
            "DURATION",
            "2h",
            "1h",
            "How long the archiver may be down; the source's oplog should reach back twice as far."),
    SEAL_INTERVAL(
            "seal-interval",
            "DURATION|off",
            "6h",
            "off",
            "How often the archiver takes a seal beside its work, counted from the newest one in the store."),
    KEEP_LAST("keep-last", "N", "7", "none", "How many of the newest backups stay, whenever they were made."),
    KEEP_HOURLY(
            "keep-hourly",
            "N|AGE",
            "24",
            "none",
            "Of each hour the last backup stays: of the newest N hours that have one, or up to an age."),
    KEEP_DAILY(
            "keep-daily", "N|AGE", "14d", "none", "Of each day the last backup stays, counted or up to an age; UTC."),
    KEEP_WEEKLY("keep-weekly", "N|AGE", "8", "none", "Of each week from Monday the last backup stays, likewise."),
    KEEP_MONTHLY("keep-monthly", "N|AGE", "12", "none", "Of each month the last backup stays, likewise."),
    KEEP_OPLOG(
            "keep-oplog",
            "AGE|off",
            "14d",
            "off",
            "Archived oplog that is older goes, with its moments; off: it stays as long as a backup needs it."),
    KEEP_WITHIN("keep-within", "DURATION", "3d", "1d", "No sealed backup younger than this is deleted by a rule."),
    PRUNE_GRACE("prune-grace", "DURATION", "2d", "1d", "Time between the mark of a backup and its deletion."),
    PRUNE_LEFTOVERS("prune-leftovers", "DURATION", "5d", "2d", "Age from which a backup that was cut off is deleted."),
    LEDGER("ledger", "NAME", "default", "default", "Name of the evidence ledger that runs are recorded in."),
    EVIDENCE_KEY(
            "evidence-key",
            "FILE",
            "/run/secrets/evidence.pem",
            "one made in the state directory",
            "File with the private Ed25519 key that signs the ledger; 'firedrill evidence keys create' makes one."),
    EVIDENCE_ROOTS(
            "evidence-roots",
            "FILE,…",
            "/etc/firedrill/evidence-public.pem",
            "the key of the first record",
            "Files with the public keys that 'firedrill evidence verify' trusts, approvers' among them."),
    EVIDENCE_LOCK(
            "evidence-lock",
            "DURATION|off",
            "400d",
            "off",
            "How long the store must keep each record (S3 Object Lock, COMPLIANCE); at most 3650d."),
    WITNESS_STORE(
            "witness-store",
            "URL",
            "s3://witness/prod",
            "none",
            "Second store for copies of checkpoints, best of another owner; it is reached like the first."),
    OPERATOR("operator", "NAME", "jane", "$USER", "Who is answerable for the run; written into its record."),
    MODE("mode", "MODE", "scheduled", "manual", "Who started the run: manual or scheduled; written into its record."),
    SCHEDULE(
            "schedule",
            "KIND CRON;…",
            "backup 0 2 * * *; restore-drill 0 4 * * 1",
            "the one that was recorded last",
            "What should run and when, in UTC, to find what was missed; off for nothing. It starts nothing."),
    SCHEDULE_GRACE(
            "schedule-grace",
            "DURATION",
            "2h",
            "1h",
            "How late a run of the schedule may begin, and how long a dead one may be taken up again."),
    PUSH_USER(
            "push-user",
            "NAME",
            "firedrill",
            "",
            "User at the Pushgateway or the OTLP collector, for 'firedrill metrics'."),
    PUSH_PASSWORD("push-password", "PASSWORD", "…", "", "Password there.", true),
    PUSH_PASSWORD_FILE("push-password-file", "FILE", "/run/secrets/pushgateway", "", "File that holds that password."),
    NOTIFY_WEBHOOK(
            "notify-webhook",
            "URL",
            "https://hooks.example.com/firedrill",
            "",
            "Whom to tell of runs that failed, were missed or are overdue: an address that takes a POST.",
            true),
    NOTIFY_WEBHOOK_FILE(
            "notify-webhook-file", "FILE", "/run/secrets/webhook", "", "File that holds the address of the webhook."),
    NOTIFY_FORMAT("notify-format", "FORMAT", "slack", "json", "What the webhook takes: json or slack."),
    NOTIFY_SMTP(
            "notify-smtp",
            "URL",
            "smtps://mail.example.com:465",
            "",
            "Mail server for the same: smtp://host:port (STARTTLS, unless on this machine) or smtps://host:port."),
    NOTIFY_SMTP_USER("notify-smtp-user", "NAME", "firedrill", "", "User at the mail server, if it asks for one."),
    NOTIFY_SMTP_PASSWORD("notify-smtp-password", "PASSWORD", "…", "", "Password at the mail server.", true),
    NOTIFY_SMTP_PASSWORD_FILE(
            "notify-smtp-password-file",
            "FILE",
            "/run/secrets/smtp",
            "",
            "File that holds the password at the mail server."),
    NOTIFY_MAIL_FROM(
            "notify-mail-from", "ADDRESS", "firedrill@example.com", "", "Sender of e-mail that tells what went wrong."),
    NOTIFY_MAIL_TO(
            "notify-mail-to", "ADDRESS,…", "oncall@example.com,dba@example.com", "", "Whom that e-mail goes to."),
    PROGRESS_INTERVAL(
            "progress-interval",
            "DURATION",
            "30s",
            "30s",
            "Time between two lines of progress when there is no terminal.");

    /** What decides whom to tell of what went wrong. */
    static final List<Setting> NOTIFICATIONS = List.of(
            NOTIFY_WEBHOOK,
            NOTIFY_WEBHOOK_FILE,
            NOTIFY_FORMAT,
            NOTIFY_SMTP,
            NOTIFY_SMTP_USER,
            NOTIFY_SMTP_PASSWORD,
            NOTIFY_SMTP_PASSWORD_FILE,
            NOTIFY_MAIL_FROM,
            NOTIFY_MAIL_TO);

    /** Those that name files which hold keys that nobody else may read. */
    static final List<Setting> KEY_FILES = List.of(STORE_KEY, PRIVATE_KEYS, EVIDENCE_KEY);

    private static final String FILE_SUFFIX = "-file";

    private final String key;
    private final String placeholder;
    private final String example;
    private final String fallback;
    private final String description;
    private final boolean secret;

    Setting(String key, String placeholder, String example, String fallback, String description) {
        this(key, placeholder, example, fallback, description, false);
    }

    Setting(String key, String placeholder, String example, String fallback, String description, boolean secret) {
        this.key = key;
        this.placeholder = placeholder;
        this.example = example;
        this.fallback = fallback;
        this.description = description;
        this.secret = secret;
    }

    /** The key in {@code firedrill.yaml}. */
    String key() {
        return key;
    }

    String environment() {
        return "FIREDRILL_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** The option on the command line; none for a secret, since other users can read the arguments of a process. */
    Optional<String> flag() {
        return secret ? Optional.empty() : Optional.of("--" + key);
    }

    String placeholder() {
        return placeholder;
    }

    String example() {
        return example;
    }

    /** The example as it is typed into a shell. */
    String typedExample() {
        return example.contains(" ") ? "'" + example + "'" : example;
    }

    /** The default in words, empty if there is none. */
    String fallback() {
        return fallback;
    }

    String description() {
        return description;
    }

    boolean secret() {
        return secret;
    }

    /** What stands between the entries of a list. */
    String separator() {
        return this == SCHEDULE ? ";" : ",";
    }

    /** For a secret, the setting that names a file holding it. */
    Optional<Setting> inFile() {
        return withKey(key + FILE_SUFFIX);
    }

    static Optional<Setting> withKey(String key) {
        return all().stream().filter(setting -> setting.key.equals(key)).findFirst();
    }

    static List<Setting> all() {
        return Arrays.asList(values());
    }

    /** How a person gives this setting, as the end of a sentence. */
    String waysToGive() {
        String variable = environment();
        String files = inFile().map(file -> ", or " + file.environment() + " (a file that holds it)")
                .orElse("");
        String file = key + ": in firedrill.yaml";
        return flag().map(flag -> flag + " " + typedExample() + ", or " + variable + ", or " + file)
                .orElse(variable + files + ", or " + file);
    }
}
