package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class MeetingTest {
    private static void arrive(Meeting.Guest guest) {
        try {
            guest.arrive();
        } catch (InterruptedException thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    @Test
    void whoComesFirstWaitsForTheOther() {
        var meeting = new Meeting(Duration.ofMinutes(1));
        Meeting.Guest first = meeting.guest();
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> arrive(first));
        assertThat(waiting).isNotDone();
        arrive(meeting.guest());
        waiting.join();
        assertThat(meeting.tookPlace()).isTrue();
    }

    @Test
    void whoWaitsInVainGoesOnAndTheyHaveNotMet() {
        var meeting = new Meeting(Duration.ofMillis(1));
        arrive(meeting.guest());
        assertThat(meeting.tookPlace()).isFalse();
        arrive(meeting.guest());
        assertThat(meeting.tookPlace()).as("the other had gone on").isFalse();
    }

    @Test
    void aGuestComesOnce() {
        var meeting = new Meeting(Duration.ofMillis(1));
        Meeting.Guest alone = meeting.guest();
        arrive(alone);
        arrive(alone);
        assertThat(meeting.tookPlace()).isFalse();
    }
}
