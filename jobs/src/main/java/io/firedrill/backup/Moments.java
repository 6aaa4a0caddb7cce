package io.firedrill.backup;

import io.firedrill.archive.BackupPlan;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.HistoryWindow;
import io.firedrill.mongo.OpTime;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The cluster times at which the ranges of one backup are read: a single one for all, as long as the source can show it;
 * then the next. Thread-safe.
 */
public final class Moments {
    /** How far a member that is read from may be behind. */
    private static final Duration PATIENCE_WITH_MEMBER = Duration.ofMinutes(1);

    private final Deployment primary;
    private final Deployment member;
    private final BackupPlan plan;
    private final Coverage coverage;
    private final LongSupplier nanos;
    private final long nanosMax;
    private OpTime current;
    private long since;

    /**
     * @param member that is read
     * @param nanos a monotonic clock
     */
    public Moments(Deployment primary, Deployment member, BackupPlan plan, Coverage coverage, LongSupplier nanos) {
        this.primary = primary;
        this.member = member;
        this.plan = plan;
        this.coverage = coverage;
        this.nanos = nanos;
        // What begins late in the window would not come to its end within it.
        this.nanosMax = HistoryWindow.of(member).toNanos() / 4 * 3;
        this.current = plan.at();
        this.since = nanos.getAsLong();
        if (member != primary) {
            member.await(current, PATIENCE_WITH_MEMBER);
        }
    }

    /** The time to read the next range at. */
    synchronized OpTime current() {
        if (nanos.getAsLong() - since > nanosMax) {
            renew();
        }
        return current;
    }

    /** A later time than one that the source can no longer show. */
    synchronized OpTime after(OpTime lost) {
        if (current.compareTo(lost) <= 0) {
            renew();
        }
        return current;
    }

    /** Several times are one backup only as long as nothing but documents has changed from the first to the last. */
    private void renew() {
        long now = nanos.getAsLong();
        OpTime next = primary.fence(plan.id().value());
        new SourceChange(primary, plan.id().value()).requireNone(coverage, plan.at(), next);
        if (member != primary) {
            member.await(next, PATIENCE_WITH_MEMBER);
        }
        current = next;
        since = now;
    }
}
