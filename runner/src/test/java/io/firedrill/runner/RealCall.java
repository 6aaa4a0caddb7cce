package io.firedrill.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.Clocks;
import io.firedrill.evidence.Redaction;
import io.firedrill.testing.MongodServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One call of the program inside the test as a person types it, with the real operations behind it. */
final class RealCall {
    /** Stands in every password that a test makes up; nothing that the program prints may hold it. */
    static final String SECRET = "Pa55word";

    private static final Pattern REPORT =
            Pattern.compile("error: (?<message>.*)\\Rhint: (?<hint>.*)\\Rexit code (?<code>\\d+) ");

    private final Map<String, String> environment = new HashMap<>();
    private final Path directory;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private BooleanSupplier stop = () -> false;
    private Clocks clocks = Clocks.system();

    /** What the operator was told. */
    record Told(int code, String message, String hint) {}

    RealCall(Path directory) {
        this.directory = directory;
        with("FIREDRILL_STORE", directory.resolve("store").toUri().toString());
        with("FIREDRILL_STATE_DIR", directory.resolve("state").toString());
    }

    /** The connection string of a user whose password is {@link #SECRET}. */
    static String uri(MongodServer server, String user) {
        return server.uri(user + ":" + SECRET + "@");
    }

    RealCall with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Asks this at every point at which the run would look whether it has to stop. */
    RealCall asking(BooleanSupplier question) {
        stop = question;
        return this;
    }

    /** Runs on these clocks. */
    RealCall on(Clocks other) {
        clocks = other;
        return this;
    }

    int run(String... arguments) {
        out.reset();
        err.reset();
        var surroundings = new Surroundings(
                environment,
                directory,
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                Terminal.NONE,
                System::nanoTime,
                Redaction::of,
                new StopSignal(),
                context -> new SpringOperations(
                        new RunContext(
                                context.settings(),
                                context.progress(),
                                context.confirmation(),
                                stop::getAsBoolean,
                                context.notices()),
                        clocks));
        int code = new Firedrill(surroundings).run(arguments);
        assertThat(out() + err()).as("what was printed").doesNotContain(SECRET);
        return code;
    }

    /** Runs what has to succeed. */
    void succeed(String... arguments) {
        assertThat(run(arguments))
                .as(() -> Arrays.toString(arguments) + ": " + err())
                .isZero();
    }

    /** Runs what has to fail with this code, and gives what the operator reads. */
    Told fail(int code, String... arguments) {
        int ended = run(arguments);
        Matcher report = REPORT.matcher(err());
        assertThat(report.find())
                .as(() -> Arrays.toString(arguments) + ": " + err())
                .isTrue();
        var told = new Told(ended, report.group("message"), report.group("hint"));
        assertThat(ended).as(told::toString).isEqualTo(code).isEqualTo(Integer.parseInt(report.group("code")));
        assertThat(told.hint()).as("hint").matches("[A-Z].*[.?]");
        return told;
    }

    String out() {
        return out.toString(UTF_8);
    }

    String err() {
        return err.toString(UTF_8);
    }

    Path store() {
        return directory.resolve("store");
    }
}
