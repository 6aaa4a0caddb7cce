package io.firedrill.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a rehearsal leaves for people, beside its report. */
record ReleasePapers(Path rollback, Path runbook) {
    /**
     * @param folder of this run's own
     */
    static ReleasePapers write(Path folder, RehearsedRelease facts) {
        try {
            Files.createDirectories(folder);
            return new ReleasePapers(
                    Files.writeString(folder.resolve(RollbackPlan.FILE), new RollbackPlan(facts).text()),
                    Files.writeString(folder.resolve(Runbook.FILE), new Runbook(facts).text()));
        } catch (IOException thrown) {
            throw new UncheckedIOException("the papers for the release could not be written", thrown);
        }
    }
}
