package io.firedrill.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What of a connection string counts, and what is never repeated. */
class DeploymentsTest {
    /** Nobody listens there. */
    private static final String NOBODY = "mongodb://127.0.0.1:1/";

    @Test
    void theOperatorsOwnTimeLimitCountsMoreThanOurs() {
        long began = System.nanoTime();
        try (Deployment nobody = Deployments.connect(NOBODY + "?serverSelectionTimeoutMS=200", "source")) {
            Failure failure = catchThrowableOfType(Failure.class, nobody::identity);
            assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
            assertThat(failure.text()).contains("source 127.0.0.1:1 did not answer in time");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("ours is 15 seconds")
                .isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aLookWaitsForNoAnswerLongerThanTwentySecondsUnlessTheOperatorSaysSo() {
        assertThat(Deployments.lookSettings(NOBODY, "staging")
                        .getSocketSettings()
                        .getReadTimeout(TimeUnit.SECONDS))
                .isEqualTo(20);
        assertThat(Deployments.lookSettings(NOBODY + "?socketTimeoutMS=90000", "staging")
                        .getSocketSettings()
                        .getReadTimeout(TimeUnit.SECONDS))
                .isEqualTo(90);
    }

    @Test
    void aConnectionStringThatIsNoneIsNotRepeated() {
        Failure failure = catchThrowableOfType(
                Failure.class, () -> Deployments.connect("mongodb://user:Pa55@word@host/", "staging"));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text() + failure.hint()).contains("staging").doesNotContain("Pa55");
        assertThat(failure).hasNoCause();
    }
}
