package io.firedrill.runner;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firedrill drill}. */
@Command(
        name = "drill",
        description = "Rehearse the disaster: restore into staging, prove it equal, judge the time, clean up.",
        footer = {
            "  firedrill drill --confirm staging --rto-target 15m",
            "  firedrill drill --confirm staging --keep                 # leave the data there to look at",
            "  firedrill drill --at random --confirm staging            # any moment of the archived oplog",
            "  firedrill drill --include 'shop.*' --confirm staging     # proves a part, never the whole backup",
            "  firedrill drill --confirm staging --mode scheduled --output json",
            "  FIREDRILL_STAGING_URI=ephemeral: firedrill drill         # in a mongod of its own, destroyed afterwards"
        })
final class DrillCommand implements Callable<Integer>, Described {
    private final Session session;

    @Mixin
    private final TargetOptions target = new TargetOptions();

    @Option(names = "--keep", description = "Leave the restored data in staging; firedrill staging clean drops it.")
    private boolean keep;

    DrillCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        session.requireBehindCommand(Setting.EXCLUDE);
        var request = new RestoreRequest(
                target.backup(), target.at(), target.confirm(), target.withUsers(), false, keep, target.selection());
        try (Operations operations = session.open(List.of(Setting.STORE, Setting.STAGING_URI), target.confirm())) {
            RestoreResult result = operations.drill(request);
            session.printer().restore(request, result);
            Judgement.of(result);
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(
                OF_STORE,
                OF_STAGING,
                OF_EPHEMERAL,
                OF_SOURCE,
                List.of(Setting.PRIVATE_KEYS, Setting.RTO_TARGET, Setting.RPO_TARGET),
                OF_WORKERS,
                OF_RUN));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return Stream.concat(RestoreCommand.EXIT_CODES.stream(), Stream.of(ExitCode.STAGING_LEFT_BEHIND))
                .sorted()
                .toList();
    }
}
