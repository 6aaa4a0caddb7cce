package io.firedrill.runner;

import com.sun.net.httpserver.HttpServer;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.SigningKey;
import io.firedrill.testing.RecordedRuns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A directory with a readiness file, a store, a ledger of real records, and all else that the shipped template asks for. */
final class ReadinessRoom implements AutoCloseable {
    static final Instant START = Instant.parse("2026-11-28T10:00:00Z");

    final Path directory;
    final RecordedRuns runs;
    final RealCall call;
    final SigningKey grace = SigningKey.make();
    private final HttpServer server;

    ReadinessRoom(Path directory) {
        this.directory = directory;
        this.runs = new RecordedRuns(directory.resolve("store"), START);
        this.call = new RealCall(directory).on(runs.clocks()).with("FIREDRILL_OPERATOR", RecordedRuns.OPERATOR);
        secret("state/" + EvidenceKeys.PRIVATE_KEY, runs.key());
        secret("grace.pem", grace);
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
        server.createContext("/", exchange -> {
            byte[] body = "{\"database\": \"ok\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private void secret(String name, SigningKey key) {
        Path file = write(name, key.privatePem());
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    Path write(String name, String text) {
        try {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    Path file() {
        return directory.resolve("readiness.yaml");
    }

    String text() {
        try {
            return Files.readString(file());
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** Writes the shipped template, with the names that an operator would put in. */
    void fillIn() {
        call.succeed("readiness", "init");
        String local = "http://127.0.0.1:%d".formatted(server.getAddress().getPort());
        write(
                "readiness.yaml",
                text().replaceAll("(?m)^( +)owner:$", "$1owner: olga")
                        .replaceAll("(?m)^( +)backup-owner:$", "$1backup-owner: bert")
                        .replaceAll("(?m)^( +)due:$", "$1due: 2027-06-30")
                        .replaceAll("https://\\w+\\.example\\.com", local)
                        .replace("command: [kubectl,", "command: [./bin/kubectl,")
                        .replace("command: [cosign,", "command: [./bin/cosign,"));
    }

    /** Lets the runs happen that the template asks for. */
    void record() {
        runs.passed(RunKind.REWRAP);
        runs.backedUp();
        runs.approve(runs.recovered(RunKind.DRILL, Duration.ofMinutes(5)), true, "grace", "data owner", grace);
        runs.passed(RunKind.VERIFY);
        runs.passed(RunKind.SEAL);
        runs.passed(RunKind.PRUNE);
        runs.approve(runs.rehearsed("shop", true), true, "grace", "release manager", grace);
        runs.passed(RunKind.APPLY);
        runs.recovered(RunKind.RESTORE, Duration.ofMinutes(5));
        runs.gate("tests");
        runs.gateAsking("coverage", "jacoco", "lines: 80.0", "branches: 80.0", "findings let through: notes");
        runs.gateAsking("vulnerabilities", "sarif", "findings let through: notes");
    }

    /** Writes the files and programs that it asks for. */
    void bring() {
        String dates = "Reviewed: 2026-11-27\nRotated: 2026-11-27\nFired: 2026-11-27\nDecided: 2026-11-27\n";
        for (String name : new String[] {"OWNERS", "ON_CALL", "BOARD", "ROTATIONS", "ALERTS", "RISKS", "CUT_OVER"}) {
            write("ops/%s.md".formatted(name), dates + "Backup: bert\nWay back: yes\n");
        }
        write("ops/GO_LIVE.md", dates + "Decision: go\n");
        write(".env.sample", "FIREDRILL_STORE=\n");
        write("ops/evidence-public.pem", runs.key().publicKey().pem());
        write("k8s/overlays/prod/patch-ingress.yaml", "secretName: tls\n");
        write("k8s/base/network-policies.yaml", "kind: NetworkPolicy\n");
        write("k8s/overlays/prod/kustomization.yaml", "digest: sha256:%s\n".formatted("ab".repeat(32)));
        write("k8s/jobs/mongo-backup-cronjob.example.yaml", "concurrencyPolicy: Forbid\n");
        write("build/sbom.json", "{\"bomFormat\": \"CycloneDX\"}");
        write(".github/workflows/ci.yaml", "coverage: 80\n");
        for (String program : new String[] {"kubectl", "cosign"}) {
            assertExecutable(write("bin/" + program, "#!/bin/sh\necho \"$@\"\n"));
        }
    }

    private static void assertExecutable(Path file) {
        if (!file.toFile().setExecutable(true)) {
            throw new IllegalStateException(file + " cannot be made executable");
        }
    }

    /** The board as JSON, whatever the exit code. */
    JsonNode board(int code, String... more) {
        var arguments = new ArrayList<String>(List.of("readiness", "--output", "json"));
        arguments.addAll(List.of(more));
        int ended = call.run(arguments.toArray(String[]::new));
        if (ended != code) {
            throw new AssertionError("ended with %d: %s%s".formatted(ended, call.out(), call.err()));
        }
        return JsonMapper.shared().readTree(call.out());
    }

    long count(JsonNode board, String state) {
        return board.at("/counts/" + state).asLong(-1);
    }

    JsonNode task(JsonNode board, String id) {
        return board.path("sections")
                .valueStream()
                .flatMap(section -> section.path("tasks").valueStream())
                .filter(task -> task.path("id").asString("").equals(id))
                .findFirst()
                .orElseThrow();
    }

    void signOff(String section) {
        call.succeed(
                "readiness",
                "sign-off",
                section,
                "--as",
                "grace",
                "--role",
                "release manager",
                "--key",
                "grace.pem",
                "--run-commands");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
