package io.firedrill.runner;

import io.firedrill.evidence.Period;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill evidence verify}. */
@Command(
        name = "verify",
        description =
                "Verify signatures, chain, checkpoints, keys, artefacts, approvals, sign-offs and scheduled runs; print n of n of each.",
        footer = {
            "  firedrill evidence verify --checkpoint 17:9f2c…                 # a copy that you kept",
            "  firedrill evidence verify --root public.pem --period 2026-Q4",
            "  firedrill evidence verify --dir unpacked-bundle-or-copy         # without the store",
            "Without a kept checkpoint nobody can tell whether records were cut off at the end."
        })
final class EvidenceVerifyCommand implements Callable<Integer>, Described {
    private final Session session;

    @Option(
            names = "--period",
            paramLabel = "PERIOD",
            description =
                    "Look at artefacts, approvals, sign-offs and scheduled runs of this year, quarter, month or day only.")
    private Period period = Period.ALWAYS;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Verify a copy of the folder evidence/ in this directory, without the store.")
    private @Nullable Path directory;

    @Option(
            names = "--root",
            paramLabel = "FILE",
            description = "Trust this public key; may be repeated. Default: the setting evidence-roots.")
    private List<Path> roots = new ArrayList<>();

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE|SIZE:ROOT",
            description = "A checkpoint that you kept, or a file with such lines in it; may be repeated.")
    private List<String> checkpoints = new ArrayList<>();

    EvidenceVerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = directory == null
                ? session.open(List.of(Setting.STORE), Optional.empty())
                : session.openCopy(session.resolve(directory))) {
            EvidenceResult.Verified verified = operations
                    .evidence()
                    .verify(period, roots.stream().map(session::resolve).toList(), kept(), directory != null);
            session.printer().evidence(verified);
            Judgement.of(verified);
        }
        return ExitCode.OK.code();
    }

    /** Each is a copy by itself, or the name of a file with copies in it. */
    private List<String> kept() {
        return checkpoints.stream()
                .map(given -> given.matches("\\d+:[0-9a-f]{64}")
                        ? given
                        : session.resolve(Path.of(given)).toString())
                .toList();
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(EvidenceCommand.READING, List.of(Setting.EVIDENCE_ROOTS, Setting.WITNESS_STORE)));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return EvidenceCommand.EXIT_CODES_VERIFYING;
    }
}
