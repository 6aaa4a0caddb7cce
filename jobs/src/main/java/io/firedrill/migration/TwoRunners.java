package io.firedrill.migration;

import java.time.Duration;

/**
 * Runs a change twice at once, as two machines of one release do, and has both come to the tool's lock at the same moment. Whether it
 * was done once is for others to judge.
 */
public final class TwoRunners {
    /** For the second to come, which was started when the first was: on a machine that has much else to do. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TrialSubject subject;

    public TwoRunners(TrialSubject subject) {
        this.subject = subject;
    }

    /**
     * How both ended.
     *
     * @param met whether both came to the lock before either had it; if not, nothing was tried
     */
    public record BothEnds(ProxiedEnd first, ProxiedEnd second, boolean met) {}

    /**
     * Waits for both.
     *
     * @throws io.firedrill.failure.Failure if one does not end within its time, or what it sends cannot be read
     */
    public BothEnds run() {
        var meeting = new Meeting(PATIENCE);
        try (WireProxy one = subject.meeting(meeting.guest());
                WireProxy other = subject.meeting(meeting.guest());
                RunningChange first = subject.start(one);
                RunningChange second = subject.start(other)) {
            return new BothEnds(TrialSubject.end(first, one), TrialSubject.end(second, other), meeting.tookPlace());
        }
    }
}
