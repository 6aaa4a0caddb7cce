package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What becomes of the seals beside an archiver, whatever comes of each. */
class PeriodicSealsTest {
    private static final Duration INTERVAL = Duration.ofMillis(1);
    private static final long PATIENCE_SECONDS = 30;

    private final List<String> alarms = new CopyOnWriteArrayList<>();
    private final Script script = new Script();

    /** Answers as it was told, then says that all was asked for, and answers that nothing is new. */
    private static final class Script implements PeriodicSeals.Seals {
        private final Deque<Function<BooleanSupplier, Optional<SealResult>>> answers = new ArrayDeque<>();
        private final CountDownLatch through = new CountDownLatch(1);
        private Optional<Instant> newest = Optional.empty();

        @Override
        public Optional<Instant> newest() {
            return newest;
        }

        @Override
        public Optional<SealResult> take(BooleanSupplier stop) {
            if (answers.isEmpty()) {
                through.countDown();
                return Optional.empty();
            }
            return answers.removeFirst().apply(stop);
        }

        void awaitThrough() throws InterruptedException {
            assertThat(through.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("all was asked for")
                    .isTrue();
        }
    }

    private PeriodicSeals begun(Duration interval) {
        return new PeriodicSeals(script, interval, InstantSource.system(), () -> false, alarms::add);
    }

    @Test
    void whatIsTakenLeftOutAndFailsIsCountedAndOnlyAFailureIsAnAlarm() throws Exception {
        script.answers.add(stop -> Optional.of(FakeOperations.sealed(false)));
        script.answers.add(stop -> Optional.empty());
        script.answers.add(stop -> {
            throw new Failure(FailureKind.DEPENDENCY_UNAVAILABLE, "the source is away", "Wait.");
        });
        script.answers.add(stop -> {
            throw new IllegalStateException("a fault of ours");
        });
        script.answers.add(stop -> {
            throw new OutOfMemoryError("a large one");
        });
        script.answers.add(stop -> Optional.of(FakeOperations.sealed(false)));
        try (PeriodicSeals seals = begun(INTERVAL)) {
            script.awaitThrough();
            ArchiveResult.Seals told = seals.told();
            assertThat(told.taken()).isEqualTo(2);
            assertThat(told.unneeded()).isPositive();
            assertThat(told.failed()).isEqualTo(3);
            assertThat(told.bytesRead()).isEqualTo(2 * 2_621_440_000L);
            assertThat(told.seconds()).isEqualTo(25);
            assertThat(told.words())
                    .matches("2 taken \\(5242880000 bytes read in 25.0 s\\), \\d+ unneeded .*, 3 failed");
            assertThat(seals.words()).endsWith("; last seal that failed: java.lang.OutOfMemoryError: a large one");
        }
        assertThat(alarms)
                .containsExactly(
                        "warning: no seal was taken: the source is away",
                        "warning: no seal was taken: java.lang.IllegalStateException: a fault of ours",
                        "warning: no seal was taken: java.lang.OutOfMemoryError: a large one");
    }

    @Test
    void aSealThatIsInTheStoreAlreadyPutsTheNextOneOff() throws Exception {
        var looked = new CountDownLatch(1);
        var taken = new AtomicBoolean();
        var newest = new PeriodicSeals.Seals() {
            @Override
            public Optional<Instant> newest() {
                looked.countDown();
                return Optional.of(InstantSource.system().instant());
            }

            @Override
            public Optional<SealResult> take(BooleanSupplier stop) {
                // Whatever is thrown while it is closed is nobody's matter.
                taken.set(true);
                return Optional.empty();
            }
        };
        PeriodicSeals seals;
        try (var begun =
                new PeriodicSeals(newest, Duration.ofHours(6), InstantSource.system(), () -> false, alarms::add)) {
            seals = begun;
            assertThat(looked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(taken).as("none is due").isFalse();
        assertThat(seals.told()).isEqualTo(ArchiveResult.Seals.NONE);
        assertThat(seals.words()).isEmpty();
        assertThat(alarms).isEmpty();
    }

    @Test
    void theOneUnderWayEndsWhenTheArchiverDoesAndIsNoFailure() throws Exception {
        var begun = new CountDownLatch(1);
        script.answers.add(stop -> {
            begun.countDown();
            while (!stop.getAsBoolean()) {
                Thread.onSpinWait();
            }
            throw new Failure(FailureKind.ABORTED, "stopped on request", "Start it again.");
        });
        PeriodicSeals seals;
        try (PeriodicSeals beside = begun(INTERVAL)) {
            seals = beside;
            assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(seals.words()).isEqualTo(", sealing");
        }
        assertThat(seals.told()).isEqualTo(ArchiveResult.Seals.NONE);
        assertThat(seals.words()).isEmpty();
        assertThat(alarms).isEmpty();
    }

    @Test
    void anArchiverThatMayNotWriteAnyMoreTakesNone() throws Exception {
        var asked = new CountDownLatch(1);
        BooleanSupplier mayNot = () -> {
            asked.countDown();
            return true;
        };
        script.answers.add(stop -> {
            throw new AssertionError("none is to be taken");
        });
        PeriodicSeals seals;
        try (var lost = new PeriodicSeals(script, INTERVAL, InstantSource.system(), mayNot, alarms::add)) {
            seals = lost;
            assertThat(asked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(seals.told()).isEqualTo(ArchiveResult.Seals.NONE);
        assertThat(script.answers).hasSize(1);
    }
}
