package io.firedrill.evidence;

import io.firedrill.storage.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Adds runs to a ledger that state what a test wants of them; signed and chained like any other. */
public final class HandmadeRuns {
    private final LedgerWriter writer;
    private Instant next;

    /** @param first when the first run ends; each further one ends an hour later, unless it says otherwise */
    public HandmadeRuns(ObjectStore store, String ledger, SigningKey key, Instant first) {
        this.writer = new Ledger(store, ledger, Clocks.system()).writer(key, Optional.empty());
        this.next = first;
    }

    /** A run that is not written yet: a drill, say, or of a kind that nobody knows. It passed, and tells no source and no backup. */
    public Run run(String kind) {
        return new Run(kind);
    }

    /** What is stated of a run. */
    public final class Run {
        private final ObjectNode stated = SampleLedger.run(0);
        private Instant at = next;

        private Run(String kind) {
            stated.withObject("/run").put("kind", kind).put("runId", "run-" + at + "-" + kind.hashCode());
            stated.remove("backup");
            stated.withObject("/scope").put("partial", false);
        }

        /** The backup that it made or used. */
        public Run of(String source, String backupId) {
            stated.withObject("/backup")
                    .put("backupId", backupId)
                    .put("manifest", "sources/%s/backups/%s/manifest".formatted(source, backupId))
                    .put("manifestSha256", Samples.digest(1))
                    .put("consistencyTime", at.minus(Duration.ofHours(1)).toString());
            return this;
        }

        /** The source that it was told to work on. */
        public Run source(String name) {
            stated.withObject("/run/parameters").put(RunTrace.SOURCE_NAME, name);
            return this;
        }

        public Run inPart() {
            stated.withObject("/scope").put("partial", true);
            return this;
        }

        /** Ended otherwise than well, with a failure of this class. */
        public Run ended(Outcome outcome, String failureClass) {
            stated.withObject("/result")
                    .put("outcome", outcome.name())
                    .put("verdict", outcome.name())
                    .put("failureClass", failureClass);
            return this;
        }

        /** One of its checks found a difference. */
        public Run differing() {
            stated.withObject("/verification").withArray("checks").addObject().put("result", "FAILED");
            return this;
        }

        public Run at(Instant end) {
            at = end;
            return this;
        }

        /** Recorded what should run, from this moment on. */
        public Run scheduling(String source, Duration grace, Instant since, String... kindsAndCrons) {
            List<Schedule.Entry> entries = new ArrayList<>();
            for (int i = 0; i < kindsAndCrons.length; i += 2) {
                entries.add(new Schedule.Entry(RunKind.of(kindsAndCrons[i]), kindsAndCrons[i + 1]));
            }
            stated.set("schedule", new Schedule.Recorded(new Schedule(source, entries, grace), since).json());
            return this;
        }

        /** Says that a slot was missed. */
        public Run missing(String source, String kind, Instant due) {
            stated.set("slot", new Slot.Name(source, RunKind.of(kind), due).json());
            return this;
        }

        /** Writes it, and answers its number. */
        public long add() {
            ((ObjectNode) stated.at("/run/attempts/0"))
                    .put("startedAt", at.minusSeconds(300).toString());
            stated.withObject("/when")
                    .put("startedAt", at.minusSeconds(300).toString())
                    .put("finishedAt", at.toString())
                    .put("recordedAt", at.toString());
            next = at.plus(Duration.ofHours(1));
            return writer.append(stated).entry().seq();
        }
    }
}
