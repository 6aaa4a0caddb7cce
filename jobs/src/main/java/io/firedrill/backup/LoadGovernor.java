package io.firedrill.backup;

import java.util.Optional;

/**
 * Narrows the gate by half whenever the source suffers, and widens it by half a lane for each look that finds it well: the
 * way a network's senders share a line. Not safe for use by several threads.
 */
final class LoadGovernor {
    private static final double WIDTH_MIN = 0.25;
    private static final double STEP = 0.5;

    private final ReadGate gate;
    private double narrowest;
    private int looks;
    private int narrowed;
    private String reason = "";

    LoadGovernor(ReadGate gate) {
        this.gate = gate;
        this.narrowest = gate.width();
    }

    /** Takes one look into account. */
    void looked(Optional<String> exceeded) {
        looks++;
        if (exceeded.isEmpty()) {
            gate.width(Math.min(gate.lanes(), gate.width() + STEP));
            return;
        }
        narrowed++;
        reason = exceeded.get();
        gate.width(Math.max(WIDTH_MIN, gate.width() / 2));
        narrowest = Math.min(narrowest, gate.width());
    }

    /** What it came to, for the record. */
    String effect() {
        return narrowed == 0
                ? "never backed off in %d looks".formatted(looks)
                : "backed off in %d of %d looks, down to %s of %d lanes; last since %s"
                        .formatted(narrowed, looks, narrowest, gate.lanes(), reason);
    }
}
