package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.JudgedChange;
import io.firedrill.migration.ReleaseHistory;
import io.firedrill.migration.ReleaseHistory.HalfDone;
import io.firedrill.migration.Standing;
import io.firedrill.storage.ProcessMark;
import io.firedrill.storage.ProcessMark.Life;
import java.util.List;

/** Tools that outlived the release which started them: the lease of a release that was killed tells nothing of them. */
final class LivingTools {
    private final ReleaseHistory history;

    LivingTools(ReleaseHistory history) {
        this.history = history;
    }

    /** Nobody else may be at work. */
    void requireNone() {
        for (HalfDone left : history.unended()) {
            var process = new ProcessMark(left.change().process());
            if (process.life() == Life.LIVES) {
                throw new Failure(
                        FailureKind.LOCK_HELD,
                        "process %s on this machine is still at work on '%s' of the database '%s': run %s started it to %s, and is gone"
                                .formatted(
                                        process.pid(),
                                        left.change().name(),
                                        left.by().facts().database(),
                                        left.by().runId(),
                                        left.by().applying() ? "apply it" : "take it back"),
                        "Wait until it has ended, or end it with 'kill %s': what it wrote by then stays. Nothing was written."
                                .formatted(process.pid()));
            }
        }
    }

    /** The same, and each change says so that a tool is still at work on here. */
    Standing noted(Standing standing) {
        return new Standing(standing.changes().stream().map(this::noted).toList(), standing.lock());
    }

    private JudgedChange noted(JudgedChange judged) {
        return history.unended().stream()
                .filter(left -> left.change().id().equals(judged.change().id())
                        && left.change().author().equals(judged.change().author()))
                .map(left -> new ProcessMark(left.change().process()))
                .filter(process -> process.life() == Life.LIVES)
                .findFirst()
                .map(process ->
                        judged.noted("process %s on this machine is still at work on it".formatted(process.pid())))
                .orElse(judged);
    }

    /** What cannot be told from here, in words, of changes that are half done by the tool's rows. */
    List<String> untold(Standing standing) {
        return history.halfDone(standing).stream()
                .filter(left -> !left.change().process().isEmpty()
                        && left.change().state().isEmpty())
                .filter(left -> new ProcessMark(left.change().process()).life() == Life.UNKNOWN)
                .map(left ->
                        "whether process %s, which run %s started on %s for '%s', is still at work cannot be told from here"
                                .formatted(
                                        new ProcessMark(left.change().process()).pid(),
                                        left.by().runId(),
                                        left.by().host().isEmpty()
                                                ? "another machine"
                                                : left.by().host(),
                                        left.change().name()))
                .toList();
    }
}
