package io.firedrill.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoadGovernorTest {
    private static final Optional<String> SUFFERS = Optional.of("writes take 80 ms");
    private static final Optional<String> WELL = Optional.empty();

    private final ReadGate gate = new ReadGate(4, 0, () -> 0);
    private final LoadGovernor governor = new LoadGovernor(gate);

    @Test
    void aSourceThatSuffersIsReadByHalfAsManyLanesEachTimeAndNeverByNone() {
        for (double width : new double[] {2, 1, 0.5, 0.25, 0.25}) {
            governor.looked(SUFFERS);
            assertThat(gate.width()).isEqualTo(width);
        }
    }

    @Test
    void aSourceThatIsWellAgainIsReadByMoreStepByStepUpToAllLanes() {
        governor.looked(SUFFERS);
        for (double width : new double[] {2.5, 3, 3.5, 4, 4}) {
            governor.looked(WELL);
            assertThat(gate.width()).isEqualTo(width);
        }
    }

    @Test
    void whatItCameToIsSaidInOneSentence() {
        governor.looked(WELL);
        assertThat(governor.effect()).isEqualTo("never backed off in 1 looks");
        governor.looked(SUFFERS);
        governor.looked(SUFFERS);
        governor.looked(WELL);
        assertThat(governor.effect())
                .isEqualTo("backed off in 2 of 4 looks, down to 1.0 of 4 lanes; last since writes take 80 ms");
    }
}
