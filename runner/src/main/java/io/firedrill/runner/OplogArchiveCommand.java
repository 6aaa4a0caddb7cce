package io.firedrill.runner;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firedrill oplog archive}. */
@Command(
        name = "archive",
        description = "Follow the source's oplog into the store, until told to stop.",
        footer = {
            "  firedrill oplog archive --store s3://backups/prod     # FIREDRILL_SOURCE_URI is in the environment",
            "  firedrill oplog archive --once                        # up to now, then end",
            "  firedrill oplog archive --dry-run                     # where it would go on, nothing is written",
            "  firedrill oplog archive --slice-interval 5s --read-from db2:27017",
            "  firedrill oplog archive --seal-interval 6h --read-limit 50MB/s    # and a seal every six hours",
            "  firedrill oplog archive --once --new-source 6929b5d0c3a1f04be2d7a911  # the source was set up anew: a new timeline",
            "SIGTERM or Ctrl-C ends it well: what it has read is stored first. Started again, it goes on there."
        })
final class OplogArchiveCommand implements Callable<Integer>, Described {
    private final Session session;

    @Option(names = "--once", description = "Archive up to now, then end.")
    private boolean once;

    @Option(names = "--dry-run", description = "Only show where it would go on.")
    private boolean dryRun;

    @Mixin
    private final NewSourceOption newSource = new NewSourceOption();

    OplogArchiveCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var request = new ArchiveRequest(once, dryRun, newSource.id(dryRun));
        if (!once) {
            session.endsWhenStopped();
        }
        try (Operations operations = session.open(List.of(Setting.STORE, Setting.SOURCE_URI), Optional.empty())) {
            ArchiveResult result = operations.archive(request);
            session.printer().archive(result);
            Judgement.of(result);
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(
                OF_STORE,
                OF_SOURCE,
                List.of(
                        Setting.RECIPIENTS,
                        Setting.READ_FROM,
                        Setting.SLICE_INTERVAL,
                        Setting.FENCE_INTERVAL,
                        Setting.ARCHIVE_OUTAGE_BUDGET,
                        Setting.SEAL_INTERVAL,
                        Setting.EXCLUDE,
                        Setting.READ_LIMIT,
                        Setting.WRITE_LATENCY_MAX,
                        Setting.LANES,
                        Setting.RPO_TARGET,
                        Setting.LEASE,
                        Setting.STATE_DIR,
                        Setting.LEDGER,
                        Setting.OPERATOR,
                        Setting.MODE,
                        Setting.PROGRESS_INTERVAL)));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return List.of(
                ExitCode.OK,
                ExitCode.UNEXPECTED,
                ExitCode.USAGE,
                ExitCode.BACKUP_DAMAGED,
                ExitCode.OPLOG_GAP,
                ExitCode.LOCK_HELD,
                ExitCode.LOCK_LOST,
                ExitCode.UNAVAILABLE,
                ExitCode.ACCESS_DENIED,
                ExitCode.KEY,
                ExitCode.EVIDENCE_NOT_STORED,
                ExitCode.SIGINT,
                ExitCode.SIGTERM);
    }
}
