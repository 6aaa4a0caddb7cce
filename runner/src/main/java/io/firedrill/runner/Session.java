package io.firedrill.runner;

import io.firedrill.doctor.Check;
import io.firedrill.doctor.Finding;
import io.firedrill.doctor.Findings;
import io.firedrill.doctor.Role;
import io.firedrill.evidence.Progress;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.monitoring.Login;
import io.firedrill.monitoring.MetricsPage;
import io.firedrill.readiness.Board;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One call of the program: gives its command the settings, the operations and the printer that the options ask for. */
final class Session {
    private final Surroundings surroundings;
    private final CommonOptions options;
    private final Notices notices;
    private boolean opened;

    Session(Surroundings surroundings, CommonOptions options) {
        this.surroundings = surroundings;
        this.options = options;
        this.notices = new Notices(surroundings.err());
    }

    /** Opens the operations once the settings make sense and none that is needed is missing. */
    Operations open(List<Setting> needed, Optional<String> confirm) {
        Settings settings = Settings.of(given(), surroundings.workingDirectory());
        settings.require(needed);
        var context = new RunContext(
                settings, progress(settings), Confirmation.of(confirm, prompt()), surroundings.stop(), notices);
        opened = true;
        return surroundings.operations().open(context);
    }

    /** The same on a copy of a store in a directory, for what needs no more than the files in it. */
    Operations openCopy(Path directory) {
        Map<Setting, Given> given = given();
        given.put(Setting.STORE, new Given(Setting.STORE, directory.toUri().toString(), Origin.flag("--dir")));
        Settings settings = Settings.of(given, surroundings.workingDirectory());
        var context =
                new RunContext(settings, progress(settings), Confirmation.unattended(), surroundings.stop(), notices);
        opened = true;
        return surroundings.operations().open(context);
    }

    /** Who we are at the Pushgateway, if the settings say. */
    Optional<Login> login() {
        Settings.Push push =
                Settings.of(given(), surroundings.workingDirectory()).push();
        @Nullable String user = push.user();
        @Nullable Secret password = push.password();
        BothOrNeither.require(Setting.PUSH_USER, user, Setting.PUSH_PASSWORD, password);
        return user == null || password == null ? Optional.empty() : Optional.of(new Login(user, password.reveal()));
    }

    /** Writes bytes to stdout as they are. */
    void write(byte[] bytes) {
        surroundings.out().writeBytes(bytes);
    }

    /** Standard input, for a command that takes a document from there. */
    InputStream in() {
        return surroundings.in();
    }

    /** For a command that goes on until it is asked to stop: its own exit code says how that went. */
    void endsWhenStopped() {
        surroundings.stop().isOrdinaryEnd();
    }

    /** Shows the figures to whoever scrapes, until somebody asks the process to stop. */
    void listen(InetSocketAddress address, Operations operations) {
        var asked = new CountDownLatch(1);
        StopSignal stop = surroundings.stop();
        stop.isOrdinaryEnd();
        stop.takesUpTo(Duration.ZERO, asked::countDown, asked::countDown);
        try (var page = new MetricsPage(
                address, () -> operations.metrics().text(), surroundings.nanoTime(), this::notMeasured)) {
            notices.notice("listening on http://%s:%d/metrics"
                    .formatted(address.getHostString(), page.address().getPort()));
            if (!stop.requested()) {
                asked.await();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void notMeasured(RuntimeException thrown) {
        warn("nothing was measured: "
                + Failure.in(thrown)
                        .map(Failure::text)
                        .orElse("unexpected " + thrown.getClass().getName()));
    }

    /** A path as the person who typed it meant it. */
    Path resolve(Path path) {
        return surroundings.workingDirectory().resolve(path);
    }

    /**
     * Refuses a setting's flag that stands before a command with an option of its own by that name: it would be taken for the
     * setting, and the command would not do what was meant.
     */
    void requireBehindCommand(Setting setting) {
        setting.flag().filter(_ -> options.flags().containsKey(setting)).ifPresent(flag -> {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    flag + " before the command is the setting of that name, which is for backups",
                    "Write it behind the command, where it is the command's own option.");
        });
    }

    /** Whether people could not be told of something, for the document of an error. */
    Map<String, String> undelivered() {
        return notices.undelivered();
    }

    /** Whether operations were opened, which may have left threads and files behind. */
    boolean opened() {
        return opened;
    }

    /** The settings as they were given, checked. */
    Map<Setting, Given> checked() {
        Map<Setting, Given> given = given();
        var _ = Settings.of(given, surroundings.workingDirectory());
        return given;
    }

    /** Where each setting was given; no secret is read from its file. */
    Map<Setting, Given> located() {
        return reader().locate(options.flags(), options.config());
    }

    /** A variable of the environment; empty if it is not set. */
    String variable(String name) {
        return surroundings.environment().getOrDefault(name, "");
    }

    private Map<Setting, Given> given() {
        return reader().read(options.flags(), options.config());
    }

    /** Where stack traces go: what a flag or variable says, and nothing that could fail a second time. */
    Path stateDirectory() {
        String asked = options.flags().getOrDefault(Setting.STATE_DIR, "");
        return asked.isEmpty()
                ? reader().stateDirectory()
                : surroundings.workingDirectory().resolve(asked);
    }

    private SettingsReader reader() {
        return new SettingsReader(surroundings.environment(), surroundings.workingDirectory(), this::warn);
    }

    private void warn(String message) {
        Paint paint = surroundings.paint(surroundings.terminal().err(), options.noColor());
        surroundings.err().println(paint.doubtful("warning:") + " " + surroundings.shown(message));
    }

    Printer printer() {
        return options.output() == OutputFormat.JSON ? new JsonPrinter(surroundings.out(), notices::besides) : text();
    }

    MigrationsPrinter migrationsPrinter() {
        PrintStream out = surroundings.out();
        return switch (options.output()) {
            case TEXT ->
                new MigrationsTable(
                        out, surroundings.paint(surroundings.terminal().out(), options.noColor()));
            case JSON -> new JsonPrinter(out)::migrations;
            case JUNIT -> new MigrationsJunit(out);
            case SARIF -> new MigrationsSarif(out);
            case MARKDOWN -> new MigrationsMarkdown(out);
        };
    }

    /** Writes a board in the format that was asked for. */
    void print(Board board) {
        PrintStream out = surroundings.out();
        switch (options.output()) {
            case JSON -> new JsonPrinter(out).readiness(ReadinessResult.of(board));
            case MARKDOWN -> out.print(ReadinessMarkdown.of(board));
            case TEXT, JUNIT, SARIF ->
                new ReadinessTable(
                                out, surroundings.paint(surroundings.terminal().out(), options.noColor()))
                        .print(board);
        }
    }

    /**
     * Looks at the settings and secrets, and then at what they lead to. Settings that make no sense are a finding here.
     *
     * @param wanted what somebody means to run; if nothing, all that the settings make possible
     */
    List<Finding> examine(Set<Purpose> wanted, @Nullable String database) {
        var own = new Findings("firedrill");
        List<Finding> outside = new ArrayList<>();
        own.require(Check.SETTINGS, () -> {
            List<String> unknown = new ArrayList<>();
            Map<Setting, Given> given = new SettingsReader(
                            surroundings.environment(), surroundings.workingDirectory(), unknown::add)
                    .read(options.flags(), options.config());
            Settings settings = Settings.of(given, surroundings.workingDirectory());
            Set<Purpose> purposes = wanted.isEmpty() ? Purpose.possible(settings) : wanted;
            settings.require(needed(purposes));
            told(own, given, unknown);
            if (!new SecretsCheck(given, settings, own).look()) {
                // The rest can be looked at without them.
                List.of(Setting.STORE_KEY, Setting.RECIPIENTS, Setting.PRIVATE_KEYS)
                        .forEach(key -> given.put(key, new Given(key, null, Origin.FALLBACK)));
            }
            outside.addAll(outside(given, new DoctorRequest(purposes, database)));
        });
        return Stream.concat(own.all().stream(), outside.stream()).toList();
    }

    private static List<Setting> needed(Set<Purpose> purposes) {
        List<Setting> needed = new ArrayList<>();
        if (!purposes.stream().allMatch(Purpose::isOfMigrations) || purposes.isEmpty()) {
            needed.add(Setting.STORE);
        }
        if (purposes.stream().anyMatch(Purpose::needsSource)) {
            needed.add(Setting.SOURCE_URI);
        }
        if (purposes.stream().anyMatch(Purpose::needsStaging)) {
            needed.add(Setting.STAGING_URI);
        }
        return needed;
    }

    private static void told(Findings own, Map<Setting, Given> given, List<String> unknown) {
        long set = given.values().stream()
                .filter(each -> !each.origin().equals(Origin.FALLBACK))
                .count();
        if (unknown.isEmpty()) {
            own.ok(Check.SETTINGS, "%d of %d set".formatted(set, given.size()));
        } else {
            own.warn(
                    Check.SETTINGS,
                    FailureKind.CONFIGURATION_INVALID,
                    String.join("; ", unknown),
                    "Correct the name, or take it out; 'firedrill config show --origin' tells what is in effect.");
        }
    }

    private List<Finding> outside(Map<Setting, Given> given, DoctorRequest request) {
        Settings settings = Settings.of(given, surroundings.workingDirectory());
        var context =
                new RunContext(settings, progress(settings), Confirmation.unattended(), surroundings.stop(), notices);
        opened = true;
        try (Operations operations = surroundings.operations().open(context)) {
            return operations.examine(request);
        }
    }

    /** Writes what the doctor says. */
    void print(DoctorResult result) {
        PrintStream out = surroundings.out();
        if (options.output() == OutputFormat.JSON) {
            new JsonPrinter(out).doctor(result);
        } else {
            new DoctorLines(out, surroundings.paint(surroundings.terminal().out(), options.noColor())).print(result);
        }
    }

    /** Writes what is known of the secrets. */
    void print(SecretsResult result) {
        PrintStream out = surroundings.out();
        if (options.output() == OutputFormat.JSON) {
            new JsonPrinter(out).secrets(result);
        } else {
            new SecretsLines(out, surroundings.paint(surroundings.terminal().out(), options.noColor())).print(result);
        }
    }

    /** Writes the command that makes a role: for mongosh, or by itself. */
    void print(Role role, String command) {
        PrintStream out = surroundings.out();
        if (options.output() == OutputFormat.JSON) {
            new JsonPrinter(out).role(role.id(), command);
        } else {
            out.println("db.getSiblingDB(\"admin\").runCommand(" + command + ")");
        }
    }

    ManifestsPrinter manifestsPrinter() {
        PrintStream out = surroundings.out();
        return switch (options.output()) {
            case JSON -> new JsonPrinter(out)::manifests;
            case SARIF -> new ManifestsSarif(out);
            default ->
                new ManifestLines(
                        out, surroundings.paint(surroundings.terminal().out(), options.noColor()));
        };
    }

    private TextPrinter text() {
        return new TextPrinter(
                surroundings.out(), surroundings.paint(surroundings.terminal().out(), options.noColor()));
    }

    private Progress progress(Settings settings) {
        return new ProgressBar(
                style(), surroundings.err(), surroundings.nanoTime(), settings.progressInterval(), surroundings::shown);
    }

    ProgressBar.Style style() {
        if (options.quiet()) {
            return ProgressBar.Style.NONE;
        }
        boolean bar = surroundings.terminal().err() && !surroundings.dumb();
        return bar ? ProgressBar.Style.BAR : ProgressBar.Style.LINES;
    }

    private Confirmation prompt() {
        return surroundings.terminal().interactive()
                ? Confirmation.typed(
                        new BufferedReader(new InputStreamReader(surroundings.in(), Charset.defaultCharset())),
                        surroundings.err())
                : Confirmation.unattended();
    }
}
