package io.firedrill.evidence;

import java.util.ArrayList;
import java.util.List;

/** Counts what is sound of one kind, and keeps what is not. */
final class Tally {
    private final String name;
    private final List<LedgerVerdict.Fault> faults = new ArrayList<>();
    private long sound;
    private long population;

    Tally(String name) {
        this.name = name;
    }

    void sound() {
        population++;
        sound++;
    }

    void fault(String object, String problem) {
        population++;
        extra(object, problem);
    }

    /** Something that should not be there at all. */
    void extra(String object, String problem) {
        faults.add(new LedgerVerdict.Fault(object, problem));
    }

    void judge(boolean good, String object, String problem) {
        if (good) {
            sound();
        } else {
            fault(object, problem);
        }
    }

    LedgerVerdict.Area area() {
        return new LedgerVerdict.Area(name, sound, population, faults);
    }
}
