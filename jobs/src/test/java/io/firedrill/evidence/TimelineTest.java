package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final Instant START = Instant.parse("2026-11-14T10:00:00Z");

    private final ManualTime time = new ManualTime();
    private final List<Phase> stored = new ArrayList<>();
    private final Timeline timeline = new Timeline(time.clocks(), stored::add, 2);

    @Test
    void aPhaseHasItsBeginAndHowLongItTook() {
        time.pass(3);
        String result = timeline.measure("load", true, () -> {
            time.pass(1.5);
            return "loaded";
        });
        assertThat(result).isEqualTo("loaded");
        assertThat(timeline.phases())
                .containsExactly(new Phase("load", 2, START.plusSeconds(3), Duration.ofMillis(1_500), true, false));
    }

    @Test
    void aPhaseIsStoredBeforeTheNextBegins() {
        timeline.measure("load", true, () -> time.pass(1));
        timeline.measure("load", true, () -> assertThat(stored).hasSize(1));
        assertThat(stored).isEqualTo(timeline.phases()).hasSize(2);
    }

    @Test
    void aFailedPhaseIsRecordedToo() {
        assertThatThrownBy(() -> timeline.measure("load", true, this::failAfterASecond))
                .hasMessage("broken");
        assertThat(stored).containsExactly(new Phase("load", 2, START, Duration.ofSeconds(1), true, true));
    }

    @Test
    void aWallClockThatJumpsShiftsNothing() {
        time.pass(10);
        timeline.measure("load", true, () -> {
            time.pass(5);
            time.jump(Duration.ofHours(-3));
            time.pass(5);
        });
        timeline.measure("index", true, () -> time.pass(1));
        assertThat(timeline.phases())
                .containsExactly(
                        new Phase("load", 2, START.plusSeconds(10), Duration.ofSeconds(10), true, false),
                        new Phase("index", 2, START.plusSeconds(20), Duration.ofSeconds(1), true, false));
    }

    @Test
    void whyThePhaseFailedIsKeptWhenItCannotBeStored() {
        var deaf = new Timeline(time.clocks(), TimelineTest::refuse, 1);
        Throwable thrown = catchThrowable(() -> deaf.measure("load", true, this::failAfterASecond));
        assertThat(thrown).hasMessage("broken");
        assertThat(thrown.getSuppressed()).hasSize(1);
    }

    @Test
    void aPhaseThatCannotBeStoredStopsTheRun() {
        var deaf = new Timeline(time.clocks(), TimelineTest::refuse, 1);
        assertThatThrownBy(() -> deaf.measure("load", true, () -> time.pass(1))).hasMessage("no store");
    }

    @Test
    void theSystemClocksRun() {
        Clocks clocks = Clocks.system();
        assertThat(clocks.ticker().getAsLong()).isLessThanOrEqualTo(clocks.nanos());
        assertThat(clocks.wall().instant()).isBeforeOrEqualTo(clocks.now());
    }

    private void failAfterASecond() {
        time.pass(1);
        throw new IllegalStateException("broken");
    }

    private static void refuse(Phase phase) {
        throw new IllegalStateException("no store");
    }
}
