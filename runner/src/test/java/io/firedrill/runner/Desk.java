package io.firedrill.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.Redaction;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.RecordSchema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A place from which a person runs commands: a store and a state directory, a source and a staging set. */
final class Desk {
    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();

    Desk(Path directory, MongodServer source, MongodServer staging) {
        this.directory = directory;
        environment.put("FIREDRILL_STORE", store().toUri().toString());
        environment.put("FIREDRILL_STATE_DIR", directory.resolve("state").toString());
        environment.put("FIREDRILL_SOURCE_URI", source.uri());
        environment.put("FIREDRILL_STAGING_URI", staging.uri());
        environment.put("FIREDRILL_LANES", "2");
    }

    Desk with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** What a command answered. */
    record Answer(int code, String out, String err) {
        JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }

        Answer ended(int expected) {
            assertThat(code).as(err).isEqualTo(expected);
            return this;
        }
    }

    /** Runs a command inside the test. */
    Answer run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
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
                SpringOperations::new);
        int code = new Firedrill(surroundings).run(arguments);
        return new Answer(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    /** Runs a command inside the test, which has to succeed, and answers its JSON. */
    JsonNode json(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--output", "json"));
        return run(all.toArray(String[]::new)).ended(0).json();
    }

    /** Runs a command in a process of its own. */
    Running start(String... arguments) {
        try {
            return Running.start(Files.createDirectories(directory), environment, arguments);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** The key that the first run made to sign its record with. */
    Path evidenceKey() {
        return Path.of(environment.getOrDefault("FIREDRILL_STATE_DIR", "")).resolve(EvidenceKeys.PRIVATE_KEY);
    }

    Path store() {
        return directory.resolve("store");
    }

    /** The ids of the runs that were begun and have no record yet. */
    List<String> openRuns() {
        return files("runs").stream()
                .map(store().resolve("runs")::relativize)
                .filter(file -> file.endsWith("start"))
                .map(file -> file.getName(0).toString())
                .toList();
    }

    /** Whether somebody has taken a lease and not given it back. */
    boolean isLocked() {
        List<Path> entries = files("leases");
        return !entries.isEmpty() && text(entries.getLast()).contains("\"HELD\"");
    }

    /** The newest record of the ledger. */
    JsonNode lastRecord() {
        return record(records().getLast());
    }

    List<Path> records() {
        return files("evidence/default").stream()
                .filter(file -> file.toString().endsWith(".dsse.json"))
                .filter(file -> !file.toString().contains("checkpoints"))
                .toList();
    }

    /** What the record in this file states of its run. */
    static JsonNode record(Path file) {
        JsonNode envelope = JsonMapper.shared().readTree(text(file));
        byte[] statement = Base64.getDecoder().decode(envelope.path("payload").asString());
        RecordSchema.RECOVERY_RUN.check(statement);
        return JsonMapper.shared().readTree(statement).path("predicate");
    }

    /** The complete objects under a prefix of the store, in order. */
    List<Path> files(String prefix) {
        Path root = store().resolve(prefix);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException | UncheckedIOException _) {
            // A run tidies up while we look; the next look tells.
            return List.of();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
