package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.gate.GateDemand;
import io.firedrill.gate.GateReport;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firedrill evidence import}. */
@Command(
        name = "import",
        description =
                "Record what a gate of a build came to, by the reports of its tools: JUnit, JaCoCo, Cobertura, lcov, SARIF.",
        footer = {
            "  firedrill evidence import --gate unit-tests target/surefire-reports/TEST-*.xml --commit 4f2a91c",
            "  firedrill evidence import --gate coverage --min-lines 80 --min-branches 80 target/site/jacoco/jacoco.xml",
            "  firedrill evidence import --gate vulnerabilities --allow notes osv.sarif",
            "  firedrill evidence import --gate coverage --failed 'the build broke off before it was measured'",
            "A task of the readiness file asks for it with 'gate: unit-tests' and 'within: 7d', and may say what must have been demanded.",
            "The verdict is computed from the reports; each report of coverage has to reach what is asked for."
        })
final class EvidenceImportCommand implements Callable<Integer>, Described {
    private static final double PERCENT_MAX = 100;

    private final Session session;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Reports, which the build has written to the end.")
    private List<Path> files = List.of();

    @Option(
            names = "--gate",
            paramLabel = "NAME",
            required = true,
            description = "Name of the gate, which the readiness file asks for.")
    private String gate = "";

    @Option(
            names = "--min-lines",
            paramLabel = "PERCENT",
            description = "Lines that have to be covered, in each report of coverage.")
    private @Nullable Double lines;

    @Option(
            names = "--min-branches",
            paramLabel = "PERCENT",
            description = "Branches that have to be covered, in each report of coverage.")
    private @Nullable Double branches;

    @Option(
            names = "--max-skipped",
            paramLabel = "N",
            description = "Tests that may be skipped in all. Default: any number, if one is run.")
    private @Nullable Long skipped;

    @Option(
            names = "--allow",
            paramLabel = "LEVEL",
            description = "Findings that are let through: nothing, notes, warnings. Default: notes. Errors never are.")
    private GateDemand.Let let = GateDemand.Let.NOTES;

    @Option(
            names = "--failed",
            paramLabel = "REASON",
            description =
                    "Record that it was not passed, where it left no report. That it was passed nobody can say like this.")
    private String failed = "";

    @Option(names = "--commit", paramLabel = "ID", description = "Commit that was built, in hex.")
    private String commit = "";

    @Option(names = "--link", paramLabel = "URL", description = "Where the build is to be seen.")
    private @Nullable URI link;

    @Option(names = "--dry-run", description = "Show what the gate comes to, and record nothing.")
    private boolean dryRun;

    EvidenceImportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        GateImport wanted = wanted();
        if (dryRun) {
            session.printer().evidence(wanted.dry());
        } else {
            try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
                session.printer().evidence(operations.evidence().record(wanted));
            }
        }
        return (wanted.reasons().isEmpty() ? ExitCode.OK : ExitCode.GATE_FAILED).code();
    }

    /** What is wrong with the reports or the demand is said before the store is asked. */
    private GateImport wanted() {
        requireName();
        requireCommit();
        requireLink();
        if (files.isEmpty() == failed.isBlank()) {
            throw wrong(
                    "a gate comes to something either by its reports or by --failed",
                    "Give the files of reports, or --failed with the reason why there are none.");
        }
        var demand = new GateDemand(percent("--min-lines", lines), percent("--min-branches", branches), skipped(), let);
        List<GateReport> reports = files.stream()
                .map(file -> GateReport.read(session.resolve(file), file.toString()))
                .toList();
        requireOnce(reports);
        demand.mismatch(reports).ifPresent(why -> {
            throw wrong(why, "See --min-lines, --min-branches and --max-skipped.");
        });
        return new GateImport(gate, reports, failed, demand, commit, link == null ? "" : link.toString());
    }

    private void requireName() {
        if (!GateName.isOne(gate)) {
            throw wrong("'%s' is no name of a gate".formatted(gate), GateName.HINT);
        }
    }

    private void requireCommit() {
        if (!commit.isEmpty() && !commit.matches("[0-9a-fA-F]{7,64}")) {
            throw wrong("'%s' is no commit".formatted(commit), "Give its id in hex, seven digits at least.");
        }
    }

    private void requireLink() {
        boolean web = link != null && "https".equalsIgnoreCase(link.getScheme()) && link.getRawUserInfo() == null;
        if (link != null && !web) {
            throw wrong("--link is no address that anybody may see", "It is https and has no user in it.");
        }
    }

    /** The same report under two names would count twice. */
    private static void requireOnce(List<GateReport> reports) {
        Stream<String> digests = reports.stream().map(GateReport::sha256);
        if (digests.distinct().count() < reports.size()) {
            throw wrong("a report was given twice", "Give each one once.");
        }
    }

    private OptionalLong skipped() {
        if (skipped != null && skipped < 0) {
            throw wrong("--max-skipped is %d".formatted(skipped), "It is a number from 0.");
        }
        return skipped == null ? OptionalLong.empty() : OptionalLong.of(skipped);
    }

    /** Nothing asked for is a demand that nothing can fail. */
    private static OptionalDouble percent(String option, @Nullable Double value) {
        if (value == null) {
            return OptionalDouble.empty();
        }
        if (!(value > 0 && value <= PERCENT_MAX)) {
            throw wrong("%s is %s".formatted(option, value), "It is in percent: above 0, and 100 at most.");
        }
        return OptionalDouble.of(value);
    }

    private static Failure wrong(String what, String hint) {
        return new Failure(FailureKind.CONFIGURATION_INVALID, what, hint);
    }

    @Override
    public List<Setting> settings() {
        return EvidenceCommand.WRITING;
    }

    @Override
    public List<ExitCode> exitCodes() {
        return Stream.concat(EvidenceCommand.EXIT_CODES_WRITING.stream(), Stream.of(ExitCode.GATE_FAILED))
                .toList();
    }
}
