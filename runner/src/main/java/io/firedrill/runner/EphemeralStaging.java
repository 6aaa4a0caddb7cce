package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.job.StepRun;
import io.firedrill.staging.StagingServer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A mongod that is started for one run and destroyed after it, with proof, whatever becomes of the run. */
final class EphemeralStaging {
    private final Settings settings;
    private final StepRun run;
    private final String what;

    /**
     * @param what the run is called, for messages
     */
    EphemeralStaging(Settings settings, StepRun run, String what) {
        this.settings = settings;
        this.run = run;
        this.what = what;
    }

    /**
     * Starts it, works with it, destroys it.
     *
     * @param bytesRaw of the data that it is to hold
     * @param sourceVersion the feature compatibility version of where the data comes from
     */
    void use(long bytesRaw, String sourceVersion, Consumer<StagingServer> work) {
        StagingServer server =
                run.log().timeline().measure("provision", true, () -> provision(bytesRaw, sourceVersion));
        @Nullable Throwable failure = null;
        try {
            work.accept(server);
        } catch (RuntimeException | Error thrown) {
            failure = thrown;
        }
        destroy(server, failure);
    }

    private StagingServer provision(long bytesRaw, String sourceVersion) {
        run.progress().begin("provision", 0);
        Path root = settings.stagingDir();
        List<Path> swept = StagingServer.sweep(root);
        if (!swept.isEmpty()) {
            run.log().note("leftovers-removed", swept.toString());
        }
        StagingServer server = StagingServer.start(settings.mongod(), root, bytesRaw, sourceVersion);
        run.progress().end();
        return server;
    }

    /** Throws what ended the run, with what became of its staging: the usual hints count on one that is still there. */
    private void destroy(StagingServer server, @Nullable Throwable failure) {
        String method = "ended the ephemeral mongod and removed its files";
        try {
            String seen = run.log().timeline().measure("cleanup", false, server::destroy);
            run.log().disposal(method, seen);
        } catch (Failure left) {
            run.log().disposal(method, "FAILED: " + left.text());
            throw failure == null ? left : ended(failure, "; moreover " + left.text(), left.hint());
        }
        if (failure != null) {
            throw ended(failure, "", "The ephemeral staging is destroyed; the next %s begins afresh.".formatted(what));
        }
    }

    private RuntimeException ended(Throwable failure, String more, String hint) {
        return Failure.in(failure)
                .<RuntimeException>map(
                        known -> new Failure(known.kind(), known.text() + more, known.hint() + " " + hint, failure))
                .orElseGet(
                        () -> new IllegalStateException("the %s failed: %s%s".formatted(what, failure, more), failure));
    }
}
