package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects the settings: a flag wins over the environment, which wins over the file, which wins over the default. */
final class SettingsReader {
    static final String CONFIG = "FIREDRILL_CONFIG";
    static final String FILE = "firedrill.yaml";

    /** Variables of the scripts around the program, which are none of its settings. */
    private static final Set<String> OF_SCRIPTS = Set.of(
            CONFIG,
            "FIREDRILL_LEARN",
            "FIREDRILL_CACHE_DIR",
            "FIREDRILL_JAVA_HOME",
            "FIREDRILL_JAVA_OPTS",
            "FIREDRILL_BENCH_TOOLS",
            "FIREDRILL_S3_PID");

    private static final String OF_TESTS = "FIREDRILL_TEST_";

    private final Map<String, String> environment;
    private final Path workingDirectory;
    private final Consumer<String> warnings;

    SettingsReader(Map<String, String> environment, Path workingDirectory, Consumer<String> warnings) {
        this.environment = environment;
        this.workingDirectory = workingDirectory;
        this.warnings = warnings;
    }

    /** Every setting with its text and origin; secrets that lie in files are read from them. */
    Map<Setting, Given> read(Map<Setting, String> flags, Optional<String> config) {
        Map<Setting, Given> given = locate(flags, config);
        Setting.all().stream().filter(Setting::secret).forEach(secret -> readSecretFile(secret, given));
        return given;
    }

    /** The same, with no secret read from its file: where each is, and not what it says. */
    Map<Setting, Given> locate(Map<Setting, String> flags, Optional<String> config) {
        warnOfUnknownVariables();
        Map<Setting, Given> inFile = file(config).map(SettingsFile::read).orElse(Map.of());
        var given = new EnumMap<Setting, Given>(Setting.class);
        for (Setting setting : Setting.all()) {
            given.put(setting, first(setting, flags, inFile));
        }
        return given;
    }

    private Given first(Setting setting, Map<Setting, String> flags, Map<Setting, Given> inFile) {
        String flag = flags.get(setting);
        if (flag != null) {
            return new Given(setting, notEmpty(setting, flag), Origin.flag("--" + setting.key()));
        }
        String variable = environment.getOrDefault(setting.environment(), "");
        if (!variable.isEmpty()) {
            return new Given(setting, variable, Origin.environment(setting.environment()));
        }
        Given written = inFile.get(setting);
        return written != null && written.text() != null
                ? written
                : new Given(setting, fallback(setting), Origin.FALLBACK);
    }

    /** An empty variable in a script must not silently choose another store than the one that was meant. */
    private static String notEmpty(Setting setting, String flag) {
        if (flag.isEmpty()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "--" + setting.key() + " is empty",
                    "Leave the option out, or give a value such as " + setting.example() + ".");
        }
        return flag;
    }

    private @Nullable String fallback(Setting setting) {
        return switch (setting) {
            case STATE_DIR -> stateDirectory().toString();
            case LANES ->
                String.valueOf(Lanes.usual(
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.getRuntime().maxMemory()));
            case READ_FROM -> "secondary";
            case WRITE_LATENCY_MAX -> "50ms";
            case REREAD_SHARE -> "5%";
            case MONGOD -> "mongod";
            case LEASE -> "60s";
            case SLICE_INTERVAL -> "10s";
            case FENCE_INTERVAL -> "1m";
            case ARCHIVE_OUTAGE_BUDGET, SCHEDULE_GRACE -> "1h";
            case SEAL_INTERVAL, KEEP_OPLOG, EVIDENCE_LOCK -> "off";
            case KEEP_WITHIN, PRUNE_GRACE -> "1d";
            case PRUNE_LEFTOVERS -> "2d";
            case LEDGER -> "default";
            case NOTIFY_FORMAT -> "json";
            case OPERATOR -> variable("USER").orElse("unknown");
            case MODE -> "manual";
            case PROGRESS_INTERVAL -> "30s";
            default -> null;
        };
    }

    /** Where state lies if no setting says otherwise; errors before the settings are known go there too. */
    Path stateDirectory() {
        return variable(Setting.STATE_DIR.environment())
                .map(workingDirectory::resolve)
                .orElseGet(this::homeOfState);
    }

    private Path homeOfState() {
        Path home = workingDirectory.resolve(variable("HOME").orElse(System.getProperty("user.home", ".")));
        return variable("XDG_STATE_HOME")
                .map(workingDirectory::resolve)
                .orElse(home.resolve(".local").resolve("state"))
                .resolve("firedrill");
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    private Optional<Path> file(Optional<String> config) {
        Optional<Path> asked = config.or(() -> variable(CONFIG)).map(workingDirectory::resolve);
        asked.filter(file -> !Files.isRegularFile(file)).ifPresent(file -> {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "settings file " + file + " does not exist",
                    "Give the path of an existing file with --config or " + CONFIG + ", or leave both out.");
        });
        return asked.or(() -> Optional.of(workingDirectory.resolve(FILE)).filter(Files::isRegularFile));
    }

    private static void readSecretFile(Setting secret, Map<Setting, Given> given) {
        for (Setting setting : secret.inFile().stream().toList()) {
            Given file = given.get(setting);
            Given direct = given.get(secret);
            if (file == null || direct == null || file.text() == null) {
                continue;
            }
            if (direct.text() != null) {
                throw new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "both " + secret.key() + " (" + direct.origin() + ") and " + setting.key() + " ("
                                + file.origin() + ") are set",
                        "Keep one of the two.");
            }
            given.put(secret, new Given(secret, content(file), file.origin()));
        }
    }

    /** The secret in a file, as an option of a command named it. */
    static Secret secretIn(Given file) {
        return new Secret(content(file));
    }

    private static String content(Given file) {
        String text = "";
        try {
            text = Files.readString(Path.of(String.valueOf(file.text()))).stripTrailing();
        } catch (IOException | IllegalArgumentException _) {
            // An unreadable file and an empty one are the same to an operator: no secret in it.
        }
        if (text.isEmpty()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    file.setting().key() + " is '" + file.text() + "' (" + file.origin()
                            + ") but that file is missing, unreadable or empty",
                    "Check that the secret is mounted there and readable.");
        }
        return text;
    }

    private void warnOfUnknownVariables() {
        List<String> known = Setting.all().stream().map(Setting::environment).toList();
        for (String name : new TreeSet<>(environment.keySet())) {
            if (!name.startsWith("FIREDRILL_")
                    || name.startsWith(OF_TESTS)
                    || OF_SCRIPTS.contains(name)
                    || known.contains(name)) {
                continue;
            }
            warnings.accept("environment variable " + name + " is no setting and is not used"
                    + Nearest.to(name, known)
                            .map(nearest -> "; did you mean " + nearest + "?")
                            .orElse(""));
        }
    }
}
