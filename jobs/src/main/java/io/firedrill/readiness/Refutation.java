package io.firedrill.readiness;

import java.util.Optional;
import java.util.stream.Stream;

/** Whether what came back of a backup speaks against it. */
final class Refutation {
    private Refutation() {}

    /**
     * The recovery that refuted a backup: its newest one that failed, unless the whole of it came back in a newer one. That a
     * part came back says nothing of the rest.
     *
     * @param newestFirst all runs of a verified ledger
     */
    static Optional<SeenRun> of(String backupId, Stream<SeenRun> newestFirst) {
        return newestFirst
                .filter(run -> run.recovers()
                        && run.backupId().filter(backupId::equals).isPresent())
                .filter(run -> run.failed() || (run.good() && !run.partial()))
                .findFirst()
                .filter(SeenRun::failed);
    }
}
