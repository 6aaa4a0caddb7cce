package io.firedrill.evidence;

import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Writes the records that no run writes: that one was due and none began, and which schedule is in force. */
final class MissedRecords {
    private final LedgerWriter writer;
    private final Clocks clocks;
    private final Function<RunKind, RunStart> start;
    private @Nullable Checkpoint newest;

    MissedRecords(LedgerWriter writer, Clocks clocks, Function<RunKind, RunStart> start) {
        this.writer = writer;
        this.clocks = clocks;
        this.start = start;
    }

    /** No process worked on it, so the record has no attempt; it is dated by when the run was due. */
    RunRecord missed(Slot slot) {
        ObjectNode stated = stated(RunKind.MISSED, slot.due(), OptionalInt.empty());
        stated.withObject("/run").putArray("attempts");
        stated.set("slot", slot.json());
        return append(stated);
    }

    RunRecord schedule(Schedule.Recorded schedule) {
        ObjectNode stated = stated(RunKind.RECONCILE, schedule.since(), OptionalInt.of(0));
        stated.set("schedule", schedule.json());
        return append(stated);
    }

    /** Over all that was written; empty if nothing was. */
    Optional<Checkpoint> checkpoint() {
        return Optional.ofNullable(newest);
    }

    private ObjectNode stated(RunKind kind, Instant at, OptionalInt exitCode) {
        RunStart run = start.apply(kind);
        var attempt = new RunFolder.Attempt(1, at, run.host());
        return RecordFormat.statement(
                new Closing(run, List.of(attempt), List.of(), Facts.NONE, at, clocks.now(), null, exitCode));
    }

    private RunRecord append(ObjectNode stated) {
        LedgerWriter.Appended appended = writer.append(stated);
        newest = appended.checkpoint();
        RunRecord record = appended.run();
        byte[] page = HtmlReport.render(record, appended.checkpoint()).getBytes(StandardCharsets.UTF_8);
        writer.ledger().files().store().create(ObjectKey.of(record.reportKey()), Content.of(page));
        return record;
    }
}
