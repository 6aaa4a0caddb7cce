package io.firedrill.runner;

import java.util.List;

/** What a restore or a drill came to; the names are those of the JSON output. */
record RestoreResult(
        String runId,
        String backupId,
        String outcome,
        Rto rto,
        List<PhaseLine> phases,
        long documents,
        int collections,
        long digestsCompared,
        long digestsEqual,
        List<String> notTested,
        String record,
        String report,
        boolean resumed,
        RestoreScope scope) {

    boolean refuted() {
        return digestsEqual < digestsCompared;
    }
}
