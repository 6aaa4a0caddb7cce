package io.firedrill.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** One call of the program inside the test, with surroundings of its own. */
final class Call {
    final FakeOperations operations = new FakeOperations();
    final StopSignal stop = new StopSignal(Duration.ZERO);
    final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Path directory;
    private Terminal terminal = Terminal.NONE;
    private String typed = "";

    Call(Path directory) {
        this.directory = directory;
        environment.put("FIREDRILL_STORE", "file:///backups");
        environment.put("FIREDRILL_SOURCE_URI", "mongodb://reader:Pa55word@source/?replicaSet=orders");
        environment.put("FIREDRILL_STAGING_URI", "mongodb://writer:Pa55word@staging/?replicaSet=staging");
        environment.put("FIREDRILL_STATE_DIR", directory.resolve("state").toString());
    }

    Call without(String variable) {
        environment.remove(variable);
        return this;
    }

    Call with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Call at(Terminal seat) {
        terminal = seat;
        return this;
    }

    Call typing(String text) {
        typed = text;
        return this;
    }

    int run(String... arguments) {
        out.reset();
        err.reset();
        return new Firedrill(surroundings()).run(arguments);
    }

    Surroundings surroundings() {
        return new Surroundings(
                environment,
                directory,
                new ByteArrayInputStream(typed.getBytes(UTF_8)),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                terminal,
                () -> 0,
                text -> text.replace("Pa55word", "***"),
                stop,
                operations);
    }

    String out() {
        return out.toString(UTF_8);
    }

    String err() {
        return err.toString(UTF_8);
    }
}
