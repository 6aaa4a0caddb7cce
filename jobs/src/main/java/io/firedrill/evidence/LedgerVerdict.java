package io.firedrill.evidence;

import java.util.List;

/**
 * What a verification of a ledger found.
 *
 * @param size the number of the newest record
 * @param root of the Merkle tree over all records, recomputed; empty where a record is missing or cannot be read
 * @param trust in which key, and why
 * @param areas what was looked at, each with n of n
 * @param population what should have run in the period by the schedules that records hold; what was missed is no fault of the ledger
 * @param notes what is no fault and should be known
 */
public record LedgerVerdict(
        String ledger,
        String period,
        long size,
        String root,
        String trust,
        List<Area> areas,
        Population population,
        List<String> notes) {
    public LedgerVerdict {
        areas = List.copyOf(areas);
        notes = List.copyOf(notes);
    }

    /** One kind of thing that was looked at: so many of so many are as they should be. */
    public record Area(String name, long sound, long population, List<Fault> faults) {
        public Area {
            faults = List.copyOf(faults);
        }
    }

    /** What is wrong with which object. */
    public record Fault(String object, String problem) {}

    public boolean isSound() {
        return areas.stream().allMatch(area -> area.faults().isEmpty() && area.sound() == area.population());
    }

    public long faults() {
        return areas.stream().mapToLong(area -> area.faults().size()).sum();
    }
}
