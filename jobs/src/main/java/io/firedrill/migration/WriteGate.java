package io.firedrill.migration;

import io.firedrill.migration.Cut.Mode;
import io.firedrill.migration.WriteTally.Counted;
import java.util.Optional;

/**
 * Lets the writes of all connections through one after the other, up to the cut. While a cut is being made, none passes. Thread-safe.
 */
final class WriteGate {
    private final WriteTally tally;
    private final Optional<Cut> cut;
    private final Runnable atCut;
    private final Runnable disconnect;
    private State state = State.OPEN;
    private volatile boolean reached;
    private volatile boolean unanswered;

    private enum State {
        OPEN,
        AWAITING_ANSWER,
        SHUT
    }

    enum Passage {
        FORWARD,
        /** It is forwarded, and whoever sees the answer to it calls {@link #answered} in its place. */
        LOSE_ANSWER,
        WITHHOLD
    }

    /**
     * @param atCut called when the cut is reached, before anything is disconnected
     * @param disconnect cuts all connections, and lets no other in
     */
    WriteGate(WriteTally tally, Optional<Cut> cut, Runnable atCut, Runnable disconnect) {
        this.tally = tally;
        this.cut = cut;
        this.atCut = atCut;
        this.disconnect = disconnect;
    }

    synchronized Passage enter(WriteCommand write) throws InterruptedException {
        while (state == State.AWAITING_ANSWER) {
            // Until the server answers or the connection that it would answer on ends.
            wait();
        }
        if (state == State.SHUT) {
            return Passage.WITHHOLD;
        }
        Counted counted = tally.count(write);
        return cut.filter(due -> due.at() == counted.kind() && due.number() == counted.number())
                .map(due -> disturb(due.mode(), write))
                .orElse(Passage.FORWARD);
    }

    private Passage disturb(Mode mode, WriteCommand write) {
        if (mode == Mode.FREEZE) {
            reach();
            return Passage.FORWARD;
        }
        if (mode.withholds()) {
            reach();
            shut();
            return Passage.WITHHOLD;
        }
        if (!write.acknowledged()) {
            unanswered = true;
            return Passage.FORWARD;
        }
        state = State.AWAITING_ANSWER;
        return Passage.LOSE_ANSWER;
    }

    /** The server has answered the write whose answer is to be lost. */
    synchronized void answered() {
        if (state != State.AWAITING_ANSWER) {
            return;
        }
        reach();
        if (cut.orElseThrow().mode().lasts()) {
            shut();
        } else {
            state = State.OPEN;
            notifyAll();
        }
    }

    /** The connection ended on which that answer would have come: it is not known what the server did. */
    synchronized void abandoned() {
        if (state == State.AWAITING_ANSWER) {
            shut();
        }
    }

    private void reach() {
        reached = true;
        atCut.run();
    }

    /** Lets nothing through any more. */
    synchronized void shut() {
        state = State.SHUT;
        notifyAll();
        disconnect.run();
    }

    boolean reached() {
        return reached;
    }

    /** Whether the cut was to lose an answer for which the process did not ask. */
    boolean unanswered() {
        return unanswered;
    }
}
