package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.Cut.Mode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrialSubjectTest {
    private static final int NOBODY = 1;

    private static TrialSubject unstartable() {
        return new TrialSubject(
                new ProgramRunner(
                        _ -> {
                            throw new IllegalStateException("there is no such program");
                        },
                        "log",
                        "lock"),
                ProgramRunner.CHANGE,
                NOBODY,
                new RunTarget("mongodb://127.0.0.1:1", "d", Duration.ofSeconds(1), Map.of()),
                System::nanoTime);
    }

    @Test
    void whatCannotBeStartedLeavesNoThread() throws InterruptedException {
        assertThatThrownBy(() -> unstartable().count()).hasMessage("there is no such program");
        assertThatThrownBy(() -> new CrashTrial(unstartable()).crash(new Cut(Mode.KILL_BEFORE, WriteKind.DATA, 1)))
                .hasMessage("there is no such program");
        assertThatThrownBy(() -> new TwoRunners(unstartable()).run()).hasMessage("there is no such program");
        assertThatThrownBy(() -> new FrozenRunner(unstartable()).run(1, Duration.ZERO))
                .hasMessage("there is no such program");
        for (Thread ending : proxies()) {
            ending.join(Duration.ofSeconds(10));
        }
        assertThat(proxies()).isEmpty();
    }

    private static List<Thread> proxies() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(WireProxy.THREADS))
                .toList();
    }

    @Test
    void whoIsFrozenIsNoCrash() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CrashTrial(unstartable()).crash(new Cut(Mode.FREEZE, WriteKind.DATA, 1)));
    }

    /** Sends what nobody can read, and does not end when it is cut off. */
    private record Mumbling(RunTarget target) implements RunningChange {
        Mumbling {
            try (var socket = new Socket(
                    InetAddress.ofLiteral("127.0.0.1"), URI.create(target.uri()).getPort())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(new byte[MessageHeader.BYTES]);
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            } catch (IOException thrown) {
                throw new UncheckedIOException(thrown);
            }
        }

        @Override
        public RunEnd await() {
            throw new Failure(FailureKind.DEPENDENCY_UNAVAILABLE, "it did not end in time", "Wait.");
        }

        @Override
        public boolean isAlive() {
            return true;
        }

        @Override
        public void kill() {
            // Nothing of it is left.
        }

        @Override
        public void freeze(boolean frozen) {
            throw new IllegalStateException("it has ended");
        }

        @Override
        public void close() {
            // Nothing of it is left.
        }
    }

    @Test
    void whyAProcessWasCutOffGoesBeforeWhatCameOfIt() throws IOException {
        try (var server = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            var subject = new TrialSubject(
                    new ProgramRunner(Mumbling::new, "log", "lock"),
                    ProgramRunner.CHANGE,
                    server.getLocalPort(),
                    new RunTarget("mongodb://127.0.0.1:1", "d", Duration.ofSeconds(10), Map.of()),
                    System::nanoTime);
            Failure failure = catchThrowableOfType(Failure.class, subject::count);
            assertThat(failure.text()).contains("cannot be read: its length is 0 bytes");
        }
    }
}
