package io.firedrill.runner;

import io.firedrill.evidence.Period;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A report that is wanted: of a period, or of one run.
 *
 * @param record the number or id of the run's record; null for a period
 * @param directory where it goes
 * @param signOffDays how long a run may wait to be signed off
 */
record ReportRequest(
        @Nullable Period period,
        @Nullable String record,
        Path directory,
        Set<Format> formats,
        int signOffDays,
        boolean dryRun) {
    /** What a report is written as. */
    enum Format {
        HTML("report.html"),
        PDF("report.pdf"),
        CSV("runs.csv"),
        JSON("report.json");

        private final String file;

        Format(String file) {
            this.file = file;
        }

        String file() {
            return file;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
