package io.firedrill.runner;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code firedrill worker}. */
@Command(
        name = "worker",
        description = "Work on units of backups and restores that other processes run, until told to stop.",
        footer = {
            "  firedrill worker --broker-url 'tcp://broker:61617?sslEnabled=true'    # with the settings of the run, its store above all",
            "  firedrill backup --broker-url 'tcp://broker:61617?sslEnabled=true'    # sends its units to the workers",
            "  firedrill worker --lanes 4 --output json",
            "Runs and workers share a broker (Artemis), a job repository (PostgreSQL) and the store. SIGTERM or Ctrl-C ends a worker",
            "well: it ends the units it has in hand. One that is killed loses nothing: others get its units."
        })
final class WorkerCommand implements Callable<Integer>, Described {
    private final Session session;

    WorkerCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        session.endsWhenStopped();
        try (Operations operations = session.open(List.of(Setting.STORE, Setting.BROKER_URL), Optional.empty())) {
            session.printer().worker(operations.work());
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(
                OF_STORE,
                OF_WORKERS,
                OF_SOURCE,
                List.of(
                        Setting.STAGING_URI,
                        Setting.STAGING_URI_FILE,
                        Setting.RECIPIENTS,
                        Setting.PRIVATE_KEYS,
                        Setting.EXCLUDE,
                        Setting.READ_FROM,
                        Setting.READ_LIMIT,
                        Setting.WRITE_LATENCY_MAX,
                        Setting.LANES,
                        Setting.LEASE,
                        Setting.STATE_DIR),
                OF_JOB_REPOSITORY));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return List.of(
                ExitCode.OK,
                ExitCode.UNEXPECTED,
                ExitCode.USAGE,
                ExitCode.UNAVAILABLE,
                ExitCode.ACCESS_DENIED,
                ExitCode.KEY,
                ExitCode.SIGINT,
                ExitCode.SIGTERM);
    }
}
