package io.firedrill.job;

import io.firedrill.archive.BackupId;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.function.UnaryOperator;

/**
 * Backs a source up whose collections change under the backup: what was planned for one moment is planned anew for another,
 * as a backup of its own. What the attempt before it has stored is not stored again; what is left of it is nothing but a
 * backup that was cut off.
 */
public final class BackupAttempts {
    /** A source in which collections come and go without a pause has no moment that can be read to its end. */
    public static final int ATTEMPTS_MAX = 5;

    private final int attemptsMax;
    private final UnaryOperator<BackupId> next;

    /**
     * @param next gives an id that sorts after another one
     */
    public BackupAttempts(int attemptsMax, UnaryOperator<BackupId> next) {
        this.attemptsMax = attemptsMax;
        this.next = next;
    }

    /** One attempt: a whole backup, from its plan to its manifest, or a failure. */
    @FunctionalInterface
    public interface Attempt {
        void run(StepRun run, BackupId id);
    }

    /**
     * Tries until a backup is sealed.
     *
     * @return the id of that backup
     */
    public BackupId run(StepRun run, BackupId first, Attempt attempt) {
        BackupId id = first;
        for (int number = 1; ; number++) {
            try {
                attempt.run(run.again(), id);
                return id;
            } catch (Failure failure) {
                if (failure.kind() != FailureKind.SOURCE_CHANGED) {
                    throw failure;
                }
                if (number == attemptsMax) {
                    throw exhausted(failure);
                }
                run.log().note("attempt " + number, failure.text());
                run.progress()
                        .say("attempt %d of %d: %s; planning anew".formatted(number, attemptsMax, failure.text()));
                id = next.apply(id);
            }
        }
    }

    private Failure exhausted(Failure last) {
        return new Failure(
                FailureKind.SOURCE_CHANGED,
                "none of %d attempts found the source unchanged; the last: %s".formatted(attemptsMax, last.text()),
                last.hint(),
                last);
    }
}
