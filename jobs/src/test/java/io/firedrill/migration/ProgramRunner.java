package io.firedrill.migration;

import io.firedrill.testing.ProcessSignals;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.bson.BsonDocument;

/**
 * Runs any program as if it were a migration tool.
 *
 * @param program starts it with a connection string
 * @param changelog its books are this collection and {@code lock}
 */
record ProgramRunner(Function<RunTarget, RunningChange> program, String changelog, String lock)
        implements ChangeRunner {
    static final Change CHANGE = Change.named("c", "a", "1", "there");

    @Override
    public RunningChange apply(Change change, RunTarget target) {
        return program.apply(target);
    }

    static RunningChange running(Process process, RunTarget target) {
        return new Running(process, target.limit(), System.nanoTime());
    }

    @Override
    public RunningChange revert(Change change, RunTarget target) {
        throw new UnsupportedOperationException("nothing is reverted here");
    }

    @Override
    public Bookkeeping bookkeeping() {
        return new Bookkeeping() {
            @Override
            public Set<String> collections() {
                return Set.of(changelog, lock);
            }

            @Override
            public String changelog() {
                return changelog;
            }

            @Override
            public String idField() {
                return "_id";
            }

            @Override
            public BsonDocument rowsOf(Change change) {
                return new BsonDocument();
            }
        };
    }

    private record Running(Process process, Duration limit, long since) implements RunningChange {
        @Override
        public RunEnd await() {
            if (!endedWithin(limit)) {
                throw new IllegalStateException("it did not end");
            }
            return new RunEnd(process.exitValue(), Duration.ofNanos(System.nanoTime() - since), "nothing to say");
        }

        private boolean endedWithin(Duration time) {
            try {
                return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException thrown) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(thrown);
            }
        }

        @Override
        public boolean isAlive() {
            return process.isAlive();
        }

        @Override
        public void kill() {
            process.destroyForcibly().onExit().join();
        }

        @Override
        public void freeze(boolean frozen) {
            ProcessSignals.send(process.toHandle(), frozen ? "STOP" : "CONT");
        }

        @Override
        public void close() {
            kill();
        }
    }
}
