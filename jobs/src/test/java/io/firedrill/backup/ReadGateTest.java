package io.firedrill.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReadGateTest {
    private static final long MILLIS = 1_000_000;

    private final AtomicLong clock = new AtomicLong();

    /** A gate for which time passes only while a lane waits, or when the test says so. */
    private ReadGate gate(int lanes, long bytesPerSecond) {
        return new ReadGate(lanes, bytesPerSecond, clock::get, clock::addAndGet);
    }

    private static void goOn() {}

    @Test
    void withoutALimitNobodyWaits() {
        try (ReadGate.Turn turn = gate(2, 0).enter()) {
            turn.passed(1L << 40, ReadGateTest::goOn);
        }
        assertThat(clock).hasValue(0);
    }

    @Test
    void readingTakesAsLongAsTheLimitSaysHoweverFastTheSourceIs() {
        try (ReadGate.Turn turn = gate(2, 10_000_000).enter()) {
            for (int i = 0; i < 50; i++) {
                turn.passed(1_000_000, ReadGateTest::goOn);
            }
        }
        assertThat(clock).hasValue(5_000 * MILLIS);
    }

    @Test
    void aSourceSlowerThanTheLimitIsNotWaitedForTwice() {
        try (ReadGate.Turn turn = gate(1, 10_000_000).enter()) {
            for (int i = 0; i < 10; i++) {
                clock.addAndGet(300 * MILLIS);
                turn.passed(1_000_000, ReadGateTest::goOn);
            }
        }
        assertThat(clock).hasValue(10 * (300 + 100) * MILLIS);
    }

    @Test
    void allLanesTogetherKeepToTheLimit() {
        ReadGate gate = gate(2, 1_000_000);
        try (ReadGate.Turn one = gate.enter();
                ReadGate.Turn other = gate.enter()) {
            one.passed(1_000_000, ReadGateTest::goOn);
            other.passed(1_000_000, ReadGateTest::goOn);
            one.passed(1_000_000, ReadGateTest::goOn);
        }
        assertThat(clock).hasValue(3_000 * MILLIS);
    }

    @Test
    void belowOneLaneTheLaneRestsForTheRemainingShareOfTheTime() {
        ReadGate gate = gate(4, 0);
        gate.width(0.25);
        try (ReadGate.Turn turn = gate.enter()) {
            clock.addAndGet(100 * MILLIS);
            turn.passed(1, ReadGateTest::goOn);
        }
        assertThat(clock).hasValue(400 * MILLIS);
    }

    @Test
    void aLaneThatWaitsStopsWhenTheRunHasToStop() {
        try (ReadGate.Turn turn = gate(1, 1).enter()) {
            assertThatThrownBy(() -> turn.passed(1_000_000, () -> {
                        throw new Failure(FailureKind.ABORTED, "stopped on request", "Start it again.");
                    }))
                    .isInstanceOf(Failure.class);
        }
        assertThat(clock.get()).isLessThanOrEqualTo(200 * MILLIS);
    }

    @Test
    void aNarrowedGateLetsFewerLanesThroughAtATimeAndStarvesNone() throws Exception {
        ReadGate gate = gate(4, 0);
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        gate.width(1);
        var ready = new CountDownLatch(4);
        List<Future<?>> lanes = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int lane = 0; lane < 4; lane++) {
                lanes.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    for (int scan = 0; scan < 200; scan++) {
                        try (ReadGate.Turn turn = gate.enter()) {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            inside.decrementAndGet();
                            turn.passed(1, ReadGateTest::goOn);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> lane : lanes) {
                lane.get();
            }
        }
        assertThat(most).hasValue(1);
    }
}
