package io.firedrill.migration;

/** Starts a change twice at once, as two machines of one release do. Whether it was done once is for others to judge. */
public final class TwoRunners {
    private final TrialSubject subject;

    public TwoRunners(TrialSubject subject) {
        this.subject = subject;
    }

    /** How both ended. */
    public record BothEnds(ProxiedEnd first, ProxiedEnd second) {}

    /**
     * Waits for both.
     *
     * @throws io.firedrill.failure.Failure if one does not end within its time, or what it sends cannot be read
     */
    public BothEnds run() {
        try (WireProxy one = subject.counting();
                WireProxy other = subject.counting();
                RunningChange first = subject.start(one);
                RunningChange second = subject.start(other)) {
            return new BothEnds(TrialSubject.end(first, one), TrialSubject.end(second, other));
        }
    }
}
