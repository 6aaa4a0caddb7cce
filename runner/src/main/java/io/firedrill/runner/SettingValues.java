package io.firedrill.runner;

import io.firedrill.evidence.Schedule;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.ReadFrom;
import io.firedrill.monitoring.Webhook;
import io.firedrill.retention.Keep;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns given texts into values; a text that makes no sense is a failure with the value, its origin and an example. */
final class SettingValues {
    /** Stands for a connection string: a mongod that a drill starts for itself. */
    static final String EPHEMERAL = "ephemeral:";

    // Names become parts of keys in the store.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,119}");
    private static final Pattern NAMESPACE = Pattern.compile("[^./\\\\ \"$]+\\..+");
    private static final Pattern CONNECTION = Pattern.compile("mongodb(\\+srv)?://.+", Pattern.DOTALL);
    private static final Pattern WEBHOOK =
            Pattern.compile("https?://[A-Za-z0-9.-]+(:\\d{1,5})?(/[!-~&&[^\"<>\\\\^`{|}]]*)?");
    private static final Pattern MAIL_SERVER =
            Pattern.compile("smtps?://([A-Za-z0-9][A-Za-z0-9.-]*|\\[[0-9A-Fa-f:.]+])(:[1-9]\\d{0,4})?/?");
    private static final Pattern MAIL_ADDRESS = Pattern.compile(
            "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");
    private static final String MAIL_SERVER_RULE = "must be smtp://host:port or smtps://host:port";
    private static final Pattern FILE = Pattern.compile("[^,]+");
    private static final Pattern PERCENT = Pattern.compile("\\d{1,3}%");
    private static final Pattern COUNT = Pattern.compile("[1-9]\\d{0,3}");
    private static final Pattern CREDENTIALS = Pattern.compile("//[^/]*@|[?&;](password|user|sslpassword)=");

    private static final Duration LOCK_MAX = Duration.ofDays(3650);

    private static final String FILES_RULE = "must be files, with commas between them";
    private static final String KEYS_RULE = "must be files or keys of AWS KMS, with commas between them";

    private final Map<Setting, Given> given;
    private final Path workingDirectory;

    SettingValues(Map<Setting, Given> given, Path workingDirectory) {
        this.given = given;
        this.workingDirectory = workingDirectory;
    }

    @Nullable
    String text(Setting setting) {
        return given(setting).text();
    }

    /** A value that a default always gives. */
    <T> T present(Setting setting, Function<Setting, @Nullable T> value) {
        return Objects.requireNonNull(value.apply(setting), setting.key());
    }

    @Nullable
    String name(Setting setting) {
        String text = text(setting);
        if (text != null && !NAME.matcher(text).matches()) {
            throw wrong(setting, "must be a name of letters, digits, dots, dashes and underscores");
        }
        return text;
    }

    Set<String> names(Setting setting) {
        return list(setting, NAME, "must be names with commas between them");
    }

    Set<String> namespaces(Setting setting) {
        return list(setting, NAMESPACE, "must be namespaces, database.collection, with commas between them");
    }

    @Nullable
    Duration duration(Setting setting) {
        String text = text(setting);
        return text == null
                ? null
                : Durations.parse(text).orElseThrow(() -> wrong(setting, "must be a duration above zero, with units"));
    }

    /** A duration, or nothing where somebody wrote "off". */
    Optional<Duration> durationOrOff(Setting setting) {
        return "off".equals(text(setting)) ? Optional.empty() : Optional.of(present(setting, this::duration));
    }

    /** How long something is locked, which nobody can shorten afterwards. */
    Optional<Duration> lock(Setting setting) {
        Optional<Duration> lock = durationOrOff(setting);
        lock.filter(time -> time.compareTo(LOCK_MAX) > 0).ifPresent(_ -> {
            throw wrong(setting, "must be 3650d at most, since nobody can shorten a lock");
        });
        return lock;
    }

    ReadFrom readFrom(Setting setting) {
        try {
            return ReadFrom.of(present(setting, this::text));
        } catch (IllegalArgumentException _) {
            throw wrong(setting, "must be primary, secondary, or a member's host:port");
        }
    }

    /** A speed; 0 if nobody set a limit. */
    long bytesPerSecond(Setting setting) {
        String text = text(setting);
        return text == null
                ? 0
                : Speeds.parse(text)
                        .orElseThrow(() -> wrong(setting, "must be a speed of at least 1kB/s, in kB/s, MB/s or GB/s"));
    }

    /** A share above nothing and up to all. */
    double share(Setting setting) {
        String text = present(setting, this::text);
        int percent = PERCENT.matcher(text).matches() ? Integer.parseInt(text.substring(0, text.length() - 1)) : 0;
        if (percent < 1 || percent > 100) {
            throw wrong(setting, "must be a whole number of percent from 1% to 100%");
        }
        return percent / 100.0;
    }

    /** How many of something; none if nobody said. */
    int count(Setting setting) {
        String text = text(setting);
        if (text == null) {
            return 0;
        }
        if (!COUNT.matcher(text).matches()) {
            throw wrong(setting, "must be a whole number from 1 to 9999");
        }
        return Integer.parseInt(text);
    }

    /** What a number means if it is bare, and what a duration means. */
    Keep keep(Setting setting) {
        String text = text(setting);
        if (text == null) {
            return Keep.NOTHING;
        }
        return COUNT.matcher(text).matches()
                ? Keep.newest(Integer.parseInt(text))
                : Durations.parse(text)
                        .map(Keep::within)
                        .orElseThrow(() ->
                                wrong(setting, "must be a whole number from 1 to 9999, or a duration with units"));
    }

    int lanes(Setting setting) {
        String text = present(setting, this::text);
        int lanes = text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
        if (lanes < Lanes.MIN || lanes > Lanes.MAX) {
            throw wrong(setting, "must be a whole number from %d to %d".formatted(Lanes.MIN, Lanes.MAX));
        }
        int fitting = Lanes.fitting(Runtime.getRuntime().maxMemory());
        if (lanes > fitting) {
            throw wrong(
                    setting,
                    "this JVM's heap has room for %d (FIREDRILL_JAVA_OPTS=-Xmx… gives more)".formatted(fitting));
        }
        return lanes;
    }

    Mode mode(Setting setting) {
        String text = present(setting, this::text);
        return Arrays.stream(Mode.values())
                .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> wrong(setting, "must be manual or scheduled"));
    }

    /** What is scheduled; empty if nobody said. */
    Optional<List<Schedule.Entry>> schedule(Setting setting) {
        String text = text(setting);
        try {
            return text == null ? Optional.empty() : Optional.of(Schedules.parse(text));
        } catch (Schedules.Unreadable unreadable) {
            throw wrong(setting, unreadable.rule());
        }
    }

    Path directory(Setting setting) {
        return resolved(setting, present(setting, this::text), "must be a directory");
    }

    @Nullable
    Path path(Setting setting) {
        String text = text(setting);
        return text == null ? null : resolved(setting, text, "must be a file");
    }

    List<Path> files(Setting setting) {
        return list(setting, FILE, FILES_RULE).stream()
                .map(text -> resolved(setting, text, FILES_RULE))
                .toList();
    }

    /** Where keys are: files, and names of keys that a service keeps. */
    List<String> keys(Setting setting) {
        return list(setting, FILE, KEYS_RULE).stream()
                .map(text -> text.startsWith(KeyFiles.AWS_KMS)
                        ? text
                        : resolved(setting, text, KEYS_RULE).toString())
                .toList();
    }

    private Path resolved(Setting setting, String text, String rule) {
        try {
            return workingDirectory.resolve(text).normalize();
        } catch (InvalidPathException _) {
            throw wrong(setting, rule);
        }
    }

    @Nullable
    URI store(Setting setting) {
        URI uri = address(setting, "must be s3://bucket/prefix or file:///directory");
        if (uri == null || sound(uri)) {
            return uri;
        }
        throw wrong(setting, "must be s3://bucket/prefix or file:///directory");
    }

    private static boolean sound(URI uri) {
        String path = uri.getPath();
        boolean bucket = "s3".equals(uri.getScheme()) && uri.getAuthority() != null;
        boolean directory =
                "file".equals(uri.getScheme()) && uri.getAuthority() == null && path != null && path.length() > 1;
        return (bucket || directory) && uri.getQuery() == null && uri.getFragment() == null;
    }

    @Nullable
    URI webAddress(Setting setting) {
        URI uri = address(setting, "must be a http or https address");
        if (uri != null
                && (uri.getHost() == null || !String.valueOf(uri.getScheme()).matches("https?"))) {
            throw wrong(setting, "must be a http or https address");
        }
        return uri;
    }

    @Nullable
    String database(Setting setting) {
        String text = text(setting);
        if (text == null) {
            return null;
        }
        refuseCredentials(setting, text);
        if (!text.startsWith("jdbc:postgresql:")) {
            throw wrong(setting, "must be a jdbc:postgresql: address");
        }
        return text;
    }

    private @Nullable URI address(Setting setting, String rule) {
        String text = text(setting);
        if (text == null) {
            return null;
        }
        refuseCredentials(setting, text);
        try {
            return new URI(text);
        } catch (URISyntaxException _) {
            throw wrong(setting, rule);
        }
    }

    /** An address is shown in messages and reports, so it may not carry what has to stay hidden. */
    private void refuseCredentials(Setting setting, String text) {
        if (CREDENTIALS.matcher(text).find()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    setting.key() + " (" + given(setting).origin() + ") carries a user or a password",
                    "Take them out of the address and give them as the settings made for them: AWS keys in the"
                            + " environment, " + Setting.JOB_REPOSITORY_USER.environment() + " and "
                            + Setting.JOB_REPOSITORY_PASSWORD.environment() + " for the job repository, "
                            + Setting.NOTIFY_SMTP_USER.environment() + " and "
                            + Setting.NOTIFY_SMTP_PASSWORD.environment() + " for the mail server.");
        }
    }

    @Nullable
    String broker(Setting setting) {
        String text = text(setting);
        Optional.ofNullable(text).flatMap(Broker::fault).ifPresent(fault -> {
            throw wrong(setting, fault);
        });
        return text;
    }

    @Nullable
    Secret secret(Setting setting) {
        String text = text(setting);
        return text == null
                ? null
                : new Secret(
                        text,
                        setting.inFile()
                                .flatMap(file -> Optional.ofNullable(text(file)))
                                .map(Path::of));
    }

    @Nullable
    Secret connection(Setting setting) {
        String text = text(setting);
        if (text != null && !CONNECTION.matcher(text).matches()) {
            throw wrong(setting, "must be a connection string that begins with mongodb:// or mongodb+srv://");
        }
        return secret(setting);
    }

    @Nullable
    Secret staging(Setting setting) {
        return EPHEMERAL.equals(text(setting)) ? secret(setting) : connection(setting);
    }

    /** An address that whoever knows it can write to, so it is a secret. */
    @Nullable
    Secret webhook(Setting setting) {
        String text = text(setting);
        if (text != null && !WEBHOOK.matcher(text).matches()) {
            throw wrong(setting, "must be a http or https address");
        }
        return secret(setting);
    }

    @Nullable
    URI mailServer(Setting setting) {
        URI uri = address(setting, MAIL_SERVER_RULE);
        if (uri != null
                && (!MAIL_SERVER.matcher(uri.toString()).matches()
                        || uri.getHost() == null
                        || uri.getPort() > 65_535)) {
            throw wrong(setting, MAIL_SERVER_RULE);
        }
        return uri;
    }

    @Nullable
    String mailAddress(Setting setting) {
        String text = text(setting);
        if (text != null && !MAIL_ADDRESS.matcher(text).matches()) {
            throw wrong(setting, "must be an address such as name@example.com, and nothing else");
        }
        return text;
    }

    Set<String> mailAddresses(Setting setting) {
        return list(setting, MAIL_ADDRESS, "must be addresses such as name@example.com, with commas between them");
    }

    Webhook.Format notifyFormat(Setting setting) {
        String text = present(setting, this::text);
        return Arrays.stream(Webhook.Format.values())
                .filter(format -> format.word().equals(text))
                .findFirst()
                .orElseThrow(() -> wrong(setting, "must be json or slack"));
    }

    private Set<String> list(Setting setting, Pattern pattern, String rule) {
        String text = text(setting);
        var entries = new LinkedHashSet<String>();
        for (String entry : text == null ? new String[0] : text.split(",", -1)) {
            if (!pattern.matcher(entry.strip()).matches()) {
                throw wrong(setting, rule);
            }
            entries.add(entry.strip());
        }
        return Collections.unmodifiableSet(entries);
    }

    private Given given(Setting setting) {
        return Objects.requireNonNull(given.get(setting), setting.key());
    }

    private Failure wrong(Setting setting, String rule) {
        Given wrong = given(setting);
        String value = setting.secret() ? "" : " is '" + wrong.text() + "'";
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                setting.key() + value + " (" + wrong.origin() + ") but " + rule,
                "Give, for example, "
                        + setting.flag().map(flag -> flag + " ").orElse(setting.environment() + "=")
                        + setting.typedExample() + ".");
    }
}
