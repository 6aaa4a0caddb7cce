package io.firedrill.evidence;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What a run did to the database that migrations are meant for: each change that it applied or took back, planned against actual.
 *
 * @param tool {@code mongock} or {@code migrate-mongo}
 * @param artefactSha256 of what was run
 * @param database on the target
 * @param receipt the run id of the rehearsal that an apply relied on; empty for a rollback, whose changes have one each
 * @param restorePoint "T,I" of the note that was written into the target's oplog before anything else
 * @param endPoint "T,I" of the note after it; empty until then
 * @param changes in the order in which they are run
 * @param limitSeconds after which the process of a change was to be killed; empty of what an earlier version recorded
 */
public record ReleaseFacts(
        String tool,
        String artefact,
        String artefactSha256,
        String database,
        String receipt,
        String restorePoint,
        String endPoint,
        List<OfChange> changes,
        Optional<Long> limitSeconds) {
    public ReleaseFacts {
        changes = List.copyOf(changes);
    }

    /** One of which nobody has said yet how long a change may take. */
    public ReleaseFacts(
            String tool,
            String artefact,
            String artefactSha256,
            String database,
            String receipt,
            String restorePoint,
            String endPoint,
            List<OfChange> changes) {
        this(tool, artefact, artefactSha256, database, receipt, restorePoint, endPoint, changes, Optional.empty());
    }

    /** The same with the notes around it. */
    public ReleaseFacts between(String before, String after) {
        return new ReleaseFacts(
                tool, artefact, artefactSha256, database, receipt, before, after, changes, limitSeconds);
    }

    /** The same with how long a change may take; a part of a second counts as one. */
    public ReleaseFacts limitedTo(Duration limit) {
        return new ReleaseFacts(
                tool,
                artefact,
                artefactSha256,
                database,
                receipt,
                restorePoint,
                endPoint,
                changes,
                Optional.of(Math.ceilDiv(limit.toMillis(), 1_000L)));
    }

    /** The same with other words about all of the changes. */
    public ReleaseFacts with(List<OfChange> told) {
        return new ReleaseFacts(
                tool, artefact, artefactSha256, database, receipt, restorePoint, endPoint, told, limitSeconds);
    }

    /** The same with another word about one of the changes. */
    public ReleaseFacts with(int index, OfChange change) {
        var known = new ArrayList<>(changes);
        known.set(index, change);
        return with(known);
    }

    /**
     * One change.
     *
     * @param receipt the run id of the rehearsal that says what it does
     * @param restorePoint "T,I" of the last note before it; empty if it was not begun
     * @param plannedSeconds what the rehearsal measured; empty where it did not
     * @param actualSeconds of the tool's process; empty if it was not begun, or has not ended
     * @param end how the process ended, for people
     * @param state by the tool's rows, after it had ended: {@code APPLIED}, {@code PENDING}, …; empty if it was not begun
     * @param done whether the rows say what they should
     * @param process that it runs in, as it can be found again on its machine; empty if it was not started
     * @param estimatedSeconds what was reckoned just before; empty where that was not measured, or nobody reckoned
     * @param lagSeconds how far the last secondary was behind at most while it was run; empty where none told
     * @param exitCode of its process, 128 + n where signal n ended it; empty if it has not ended by itself, or an earlier
     *     version recorded it
     */
    public record OfChange(
            String id,
            String author,
            String codeHash,
            String receipt,
            String restorePoint,
            Optional<Double> plannedSeconds,
            Optional<Double> actualSeconds,
            String end,
            String state,
            boolean done,
            String process,
            Optional<Double> estimatedSeconds,
            Optional<Long> lagSeconds,
            Optional<Integer> exitCode) {
        /** What an earlier version recorded does not tell the process. */
        public OfChange {
            process = process == null ? "" : process;
        }

        /** One of whose process nothing is known. */
        public OfChange(
                String id,
                String author,
                String codeHash,
                String receipt,
                String restorePoint,
                Optional<Double> plannedSeconds,
                Optional<Double> actualSeconds,
                String end,
                String state,
                boolean done) {
            this(
                    id,
                    author,
                    codeHash,
                    receipt,
                    restorePoint,
                    plannedSeconds,
                    actualSeconds,
                    end,
                    state,
                    done,
                    "",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        /** One that is not begun. */
        public static OfChange planned(
                String id, String author, String codeHash, String receipt, Optional<Double> seconds) {
            return new OfChange(id, author, codeHash, receipt, "", seconds, Optional.empty(), "", "", false);
        }

        /** The same, with how long it will take. */
        public OfChange estimated(Optional<Double> seconds) {
            return but(draft -> draft.estimatedSeconds = seconds);
        }

        /** The same, with how far the secondaries were behind meanwhile. */
        public OfChange lagged(OptionalLong seconds) {
            return but(draft ->
                    draft.lagSeconds = seconds.isPresent() ? Optional.of(seconds.getAsLong()) : Optional.empty());
        }

        /** The same, with the exit code of its process. */
        public OfChange exited(int code) {
            return but(draft -> draft.exitCode = Optional.of(code));
        }

        /** The same, about to be run. */
        public OfChange begunAt(String point) {
            return planned(id, author, codeHash, receipt, plannedSeconds).but(draft -> {
                draft.restorePoint = point;
                draft.estimatedSeconds = estimatedSeconds;
            });
        }

        /** The same, as if it had never been begun: nothing was started. */
        public OfChange unbegun() {
            return planned(id, author, codeHash, receipt, plannedSeconds).estimated(estimatedSeconds);
        }

        /** The same, with its process at work. */
        public OfChange ranBy(String mark) {
            return but(draft -> draft.process = mark);
        }

        /** The same, with how its process ended and what the rows say then. */
        public OfChange ended(Optional<Double> seconds, String how, String stands, boolean asWanted) {
            return but(draft -> {
                draft.actualSeconds = seconds;
                draft.end = how;
                draft.state = stands;
                draft.done = asWanted;
            });
        }

        private OfChange but(Consumer<Draft> change) {
            var draft = new Draft(this);
            change.accept(draft);
            return draft.written();
        }

        /** What becomes known of a change while it is run, each by its name: fourteen in a row are mixed up easily. */
        private static final class Draft {
            private final OfChange from;
            private String restorePoint;
            private Optional<Double> actualSeconds;
            private String end;
            private String state;
            private boolean done;
            private String process;
            private Optional<Double> estimatedSeconds;
            private Optional<Long> lagSeconds;
            private Optional<Integer> exitCode;

            private Draft(OfChange from) {
                this.from = from;
                this.restorePoint = from.restorePoint();
                this.actualSeconds = from.actualSeconds();
                this.end = from.end();
                this.state = from.state();
                this.done = from.done();
                this.process = from.process();
                this.estimatedSeconds = from.estimatedSeconds();
                this.lagSeconds = from.lagSeconds();
                this.exitCode = from.exitCode();
            }

            private OfChange written() {
                return new OfChange(
                        from.id(),
                        from.author(),
                        from.codeHash(),
                        from.receipt(),
                        restorePoint,
                        from.plannedSeconds(),
                        actualSeconds,
                        end,
                        state,
                        done,
                        process,
                        estimatedSeconds,
                        lagSeconds,
                        exitCode);
            }
        }

        /** How a person names it: the id alone may stand twice. */
        public String name() {
            return author.isEmpty() ? id : id + " (" + author + ")";
        }

        /** Whether its process was, or was about to be, started. */
        public boolean begun() {
            return !restorePoint.isEmpty();
        }
    }
}
