package io.firedrill.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.storage.ProcessMark.Life;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A real process of this machine, found again by its mark alone. */
class ProcessMarkTest {
    @Test
    void aProcessIsFoundAgainUntilItHasEnded() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sleep", "600").start();
        try {
            var mark = new ProcessMark(ProcessMark.of(process.pid()).text());
            assertThat(mark.life()).isEqualTo(Life.LIVES);
            assertThat(mark.pid()).isEqualTo(Long.toString(process.pid()));
            assertThat(new ProcessMark(mark.text() + "1").life())
                    .as("another process of the same number")
                    .isEqualTo(Life.DEAD);
            assertThat(new ProcessMark("x" + mark.text()).life())
                    .as("of another boot")
                    .isEqualTo(Life.UNKNOWN);
            process.destroyForcibly().waitFor();
            assertThat(mark.life()).isEqualTo(Life.DEAD);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void whereTheKernelDoesNotTellNothingIsKnown() {
        var mark = new ProcessMark("unknown 4711");
        assertThat(mark.pid()).isEqualTo("4711");
        assertThat(mark.life()).isEqualTo(Life.UNKNOWN);
    }
}
