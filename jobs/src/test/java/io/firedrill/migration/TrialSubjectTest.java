package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.migration.Cut.Mode;
import java.time.Duration;
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
    void whatCannotBeStartedLeavesNoThread() {
        assertThatThrownBy(() -> unstartable().count()).hasMessage("there is no such program");
        assertThatThrownBy(() -> new CrashTrial(unstartable()).crash(new Cut(Mode.KILL_BEFORE, WriteKind.DATA, 1)))
                .hasMessage("there is no such program");
        assertThatThrownBy(() -> new TwoRunners(unstartable()).run()).hasMessage("there is no such program");
        assertThatThrownBy(() -> new FrozenRunner(unstartable()).run(1, Duration.ZERO))
                .hasMessage("there is no such program");
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith(WireProxy.THREADS));
    }
}
