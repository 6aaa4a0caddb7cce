package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What an archiver bears, and for how long. */
class OutageTest {
    private final Failure denied = new Failure(FailureKind.ACCESS_DENIED, "denied", "Let it in.");
    private final Failure gone = new Failure(FailureKind.DEPENDENCY_UNAVAILABLE, "gone", "Bring it back.");

    private final AtomicLong now = new AtomicLong();
    private final Outage outage = new Outage(now::get, Outage.FOR_EVER);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void whoWasNeverLetInIsNotWaitedFor() {
        assertThatThrownBy(() -> outage.bear(denied)).isSameAs(denied);
    }

    @Test
    void whoWasLetInMayBeDeniedForTenMinutesWhateverWentBefore() {
        outage.over();
        outage.bear(gone);
        pass(Duration.ofHours(3));
        outage.bear(denied);
        pass(Outage.DENIED_MAX);
        outage.bear(denied);
        assertThat(outage.now()).contains(denied);
        pass(Duration.ofSeconds(1));
        assertThatThrownBy(() -> outage.bear(denied)).isSameAs(denied);
    }

    @Test
    void theTenMinutesBeginAnewOnceItWorkedAgain() {
        outage.over();
        outage.bear(denied);
        pass(Outage.DENIED_MAX);
        outage.over();
        pass(Outage.DENIED_MAX);
        assertThatCode(() -> outage.bear(denied)).doesNotThrowAnyException();
    }
}
