package io.firedrill.runner;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who says something about a section or task, and with which key. */
final class SayerOptions {
    @Option(names = "--as", paramLabel = "NAME", required = true, description = "Who says so.")
    private String name = "";

    @Option(
            names = "--own-reason",
            paramLabel = "TEXT",
            description = "Why that may be the owner of a task of it; recorded. Without it an owner is refused.")
    private String ownReason = "";

    @Option(names = "--key", paramLabel = "FILE", description = "Their private key. Default: the setting evidence-key.")
    private @Nullable Path key;

    ReadinessDesk.Sayer in(String role, Session session) {
        return new ReadinessDesk.Sayer(name, role, ownReason.strip(), key == null ? null : session.resolve(key));
    }
}
