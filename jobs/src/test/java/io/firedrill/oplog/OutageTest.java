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
    private static final Failure DENIED = new Failure(FailureKind.ACCESS_DENIED, "denied", "Let it in.");
    private static final Failure GONE = new Failure(FailureKind.DEPENDENCY_UNAVAILABLE, "gone", "Bring it back.");

    private final AtomicLong now = new AtomicLong();
    private final Outage outage = new Outage(now::get, Outage.FOR_EVER);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void whoWasNeverLetInIsNotWaitedFor() {
        assertThatThrownBy(() -> outage.bear(DENIED)).isSameAs(DENIED);
    }

    @Test
    void whoWasLetInMayBeDeniedForTenMinutesWhateverWentBefore() {
        outage.over();
        outage.bear(GONE);
        pass(Duration.ofHours(3));
        outage.bear(DENIED);
        pass(Outage.DENIED_MAX);
        outage.bear(DENIED);
        assertThat(outage.now()).contains(DENIED);
        pass(Duration.ofSeconds(1));
        assertThatThrownBy(() -> outage.bear(DENIED)).isSameAs(DENIED);
    }

    @Test
    void theTenMinutesBeginAnewOnceItWorkedAgain() {
        outage.over();
        outage.bear(DENIED);
        pass(Outage.DENIED_MAX);
        outage.over();
        pass(Outage.DENIED_MAX);
        assertThatCode(() -> outage.bear(DENIED)).doesNotThrowAnyException();
    }
}
