package io.firedrill.job;

import java.util.function.LongConsumer;

/** What a step does with one of its units, on whatever machine. Doing it again changes nothing. */
@FunctionalInterface
public interface UnitWork {
    /**
     * @param progress told the bytes worked on
     * @return what the process that has the step must know of it, as short as can be; empty for nothing
     */
    String work(String unit, LongConsumer progress);
}
