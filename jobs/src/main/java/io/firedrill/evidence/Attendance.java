package io.firedrill.evidence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Says which slots of one kind and source were met, and by whom. */
final class Attendance {
    private final Collection<RunTrace> traces;
    private final Map<Slot.Name, String> missed;
    private final Instant now;

    /** When a process began to work on a run; numbered, since several may begin at one moment. */
    private record Place(Instant at, int number) {}

    Attendance(Collection<RunTrace> traces, Map<Slot.Name, String> missed, Instant now) {
        this.traces = traces;
        this.missed = missed;
        this.now = now;
    }

    /** The slot that closes first takes the first beginning that is open to it, so none is claimed twice. */
    List<Population.Judged> of(List<Slot> slots) {
        NavigableMap<Place, RunTrace> beginnings = beginnings(slots.getFirst());
        var judged = new ArrayList<Population.Judged>();
        slots.stream()
                .sorted(Comparator.comparing(Slot::until).thenComparing(Slot::due))
                .forEach(slot -> judged.add(judge(slot, take(beginnings, slot))));
        return judged;
    }

    private NavigableMap<Place, RunTrace> beginnings(Slot of) {
        var beginnings =
                new TreeMap<Place, RunTrace>(Comparator.comparing(Place::at).thenComparingInt(Place::number));
        for (RunTrace trace : traces) {
            boolean source = of.source().isEmpty()
                    || trace.source().isEmpty()
                    || of.source().equals(trace.source());
            if (source && trace.kind() == of.kind()) {
                trace.began().forEach(at -> beginnings.put(new Place(at, beginnings.size()), trace));
            }
        }
        return beginnings;
    }

    private static Optional<RunTrace> take(NavigableMap<Place, RunTrace> beginnings, Slot slot) {
        Instant from = slot.due().minus(Population.EARLY);
        Map.Entry<Place, RunTrace> first = beginnings.ceilingEntry(new Place(from, 0));
        if (first == null || first.getKey().at().isAfter(slot.until())) {
            return Optional.empty();
        }
        beginnings.remove(first.getKey());
        return Optional.of(first.getValue());
    }

    private Population.Judged judge(Slot slot, Optional<RunTrace> run) {
        if (run.isPresent()) {
            RunTrace trace = run.get();
            var state = trace.outcome().isPresent() ? Population.State.MET : Population.State.UNDER_WAY;
            return new Population.Judged(slot, state, trace.record(), trace.outcome());
        }
        boolean over = now.isAfter(slot.until());
        return new Population.Judged(
                slot,
                over ? Population.State.MISSED : Population.State.DUE,
                missed.getOrDefault(slot.name(), ""),
                Optional.empty());
    }
}
