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
        var handler = new Thread(
                () -> {
                    try {
                        done.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                },
                "SIGINT handler");
        handler.start();
        var signal = new StopSignal();
        signal.finished(0);
        assertThat(signal.stop()).isTrue();
        assertThat(signal.exitCode()).isEqualTo(ExitCode.SIGINT);
        done.countDown();
        handler.join();
    }
}
