package io.firedrill.runner;

import io.firedrill.evidence.Clocks;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill doctor secrets}. */
@Command(
        name = "secrets",
        description = "Tell of each secret whether it is there, how old it is and who may read it; never what it says.",
        footer = {
            "  firedrill doctor secrets",
            "  firedrill doctor secrets --for backup --strict             # what a backup cannot do without has to be there",
            "  firedrill doctor secrets --rotated FIREDRILL_SOURCE_URI=2026-09-01",
            "The list is .env.sample. A file is as old as its last change, and in a pod as old as the pod: say when it was exchanged with",
            "--rotated. How to exchange one without downtime, and what to do where one is lost: docs/SECRETS.md."
        })
final class DoctorSecretsCommand implements Callable<Integer>, Described {
    private final Session session;

    @Option(
            names = "--for",
            paramLabel = "WHAT",
            split = ",",
            description = "What is to be run: backup, archive, drill, restore, prune. What that needs has to be there.")
    private List<String> wanted = List.of();

    @Option(
            names = "--rotated",
            paramLabel = "NAME=DATE",
            description = "When a secret was exchanged last, like 2026-09-01. May be repeated.")
    private List<String> rotated = List.of();

    @Option(names = "--strict", description = "End with a code for warnings too.")
    private boolean strict;

    DoctorSecretsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        wanted.forEach(DoctorSecretsCommand::requirePurpose);
        SecretContract contract = SecretContract.shipped();
        var look = new SecretsLook(
                session.located(),
                session::variable,
                session::resolve,
                Clocks.system().wall().instant(),
                dates(contract));
        SecretsResult result = SecretsResult.of(contract.entries().stream()
                .map(entry -> look.look(entry, wanted))
                .toList());
        session.print(result);
        Judgement.of(result, strict);
        return ExitCode.OK.code();
    }

    private static void requirePurpose(String word) {
        if (Purpose.of(word).isEmpty()) {
            throw wrong(
                    "--for says '%s'".formatted(Visible.of(word)), "Name backup, archive, drill, restore or prune.");
        }
    }

    private Map<String, LocalDate> dates(SecretContract contract) {
        Map<String, LocalDate> dates = new HashMap<>();
        for (String each : rotated) {
            String[] parts = each.split("=", 2);
            if (parts.length < 2 || !contract.names().contains(parts[0])) {
                throw wrong(
                        "--rotated names no secret that there is",
                        "Name one of %s, and behind it = and a date.".formatted(String.join(", ", contract.names())));
            }
            dates.put(parts[0], date(parts[0], parts[1]));
        }
        return dates;
    }

    /** What stands there is not repeated: it may be the secret. */
    private static LocalDate date(String name, String text) {
        try {
            LocalDate date = LocalDate.parse(text);
            if (date.isAfter(LocalDate.ofInstant(Clocks.system().wall().instant(), ZoneOffset.UTC)
                    .plusDays(1))) {
                throw wrong("--rotated %s is yet to come".formatted(name), "Give the day on which it was exchanged.");
            }
            return date;
        } catch (DateTimeParseException _) {
            throw wrong("--rotated %s is given no date".formatted(name), "Write it like 2026-09-01.");
        }
    }

    private static Failure wrong(String what, String hint) {
        return new Failure(FailureKind.CONFIGURATION_INVALID, what, hint);
    }

    @Override
    public List<Setting> settings() {
        List<Setting> all = new ArrayList<>(Setting.KEY_FILES);
        all.addAll(Setting.all().stream()
                .filter(Setting::secret)
                .flatMap(each -> Stream.concat(Stream.of(each), each.inFile().stream()))
                .toList());
        return all;
    }

    @Override
    public List<ExitCode> exitCodes() {
        return List.of(ExitCode.OK, ExitCode.UNEXPECTED, ExitCode.USAGE);
    }
}
