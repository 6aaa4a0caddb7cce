package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class StopSignalTest {
    @Test
    void nobodyAskedToStopAtFirst() {
        var signal = new StopSignal();
        assertThat(signal.requested()).isFalse();
        assertThat(signal.getAsBoolean()).isFalse();
    }

    @Test
    void aRunThatHasEndedIsNotWaitedFor() {
        var signal = new StopSignal();
        signal.finished(0);
        assertThat(signal.stop()).isTrue();
        assertThat(signal.requested()).isTrue();
        assertThat(signal.exitCode()).isEqualTo(ExitCode.SIGTERM);
    }

    @Test
    void patienceEnds() {
        assertThat(new StopSignal(Duration.ofMillis(1)).stop()).isFalse();
    }

    @Test
    void anInterruptedWaitEnds() throws InterruptedException {
        var signal = new StopSignal();
        var interrupted = new AtomicReference<>(false);
        var thread = new Thread(
                () -> interrupted.set(!signal.stop() && Thread.currentThread().isInterrupted()));
        thread.start();
        thread.interrupt();
        thread.join();
        assertThat(interrupted).hasValue(true);
    }

    @Test
    void theHandlersThreadTellsCtrlCFromSigterm() throws InterruptedException {
        var done = new CountDownLatch(1);
        Thread handler = handler(done, "SIGINT handler");
        var signal = new StopSignal();
        signal.finished(0);
        assertThat(signal.stop()).isTrue();
        assertThat(signal.exitCode()).isEqualTo(ExitCode.SIGINT);
        done.countDown();
        handler.join();
    }

    private static Thread handler(CountDownLatch done, String name) {
        var handler = new Thread(
                () -> {
                    try {
                        done.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        handler.start();
        return handler;
    }

    @Test
    void aSecondSignalHurriesARunThatMayTakeLong() throws InterruptedException {
        var done = new CountDownLatch(1);
        Thread first = handler(done, "SIGTERM handler");
        var signal = new StopSignal();
        var second = new AtomicReference<Thread>();
        var hurried = new AtomicReference<>(false);
        signal.takesUpTo(Duration.ofHours(1), () -> second.set(handler(done, "SIGTERM handler")), () -> {
            hurried.set(true);
            signal.finished(143);
        });
        assertThat(signal.stop()).isTrue();
        assertThat(hurried).hasValue(true);
        done.countDown();
        first.join();
        second.get().join();
    }

    @Test
    void whoMayTakeLongIsWaitedForAndToldOnlyWhenItIsAskedToStop() {
        var signal = new StopSignal(Duration.ofMillis(1));
        var told = new AtomicReference<>("");
        signal.takesUpTo(
                Duration.ofHours(1),
                () -> {
                    told.set("asked");
                    Thread.ofVirtual().start(() -> signal.finished(0));
                },
                () -> told.set("hurried"));
        assertThat(signal.stop()).isTrue();
        assertThat(told).hasValue("asked");

        var over = new StopSignal();
        over.takesUpTo(Duration.ofHours(1), () -> told.set("asked after its end"), () -> {});
        over.finished(0);
        assertThat(over.stop()).isTrue();
        assertThat(told).hasValue("asked");
    }
}
