package io.firedrill.archive;

import io.firedrill.archive.BackupPlan.Excluded;
import io.firedrill.archive.BackupPlan.Unit;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A backup as a selection shows it: a smaller plan, under the target's names, and the parts that go with it. Whoever restores
 * and whoever proves gets this and nothing else, so that both speak of the same.
 */
public final class Narrowing {
    private static final String REASON = "left out of this restore by --include or --exclude";

    private final BackupPlan plan;
    private final Map<Integer, Integer> positions;
    private final SortedMap<String, String> renamed;
    private final List<Namespace> leftOut;
    private final List<String> blind;
    private final SelectedNames names;

    private Narrowing(BackupPlan whole, SelectedNames names) {
        List<CollectionShape> taken = new ArrayList<>();
        Map<Integer, Integer> places = new HashMap<>();
        for (int i = 0; i < whole.collections().size(); i++) {
            CollectionShape shape = whole.collections().get(i);
            if (names.takes(shape.namespace())) {
                places.put(i, taken.size());
                taken.add(shape.named(names.target(shape.namespace())));
            }
        }
        List<Excluded> excluded = new ArrayList<>(whole.excluded());
        names.leftOut().forEach(name -> excluded.add(new Excluded(name.toString(), REASON)));
        this.positions = Map.copyOf(places);
        this.plan = whole.narrowed(taken, units(whole.units()), excluded);
        this.renamed = names.renamed();
        this.leftOut = names.leftOut();
        this.blind = names.blind();
        this.names = names;
    }

    /** Refuses a selection that this backup cannot serve; nothing is written and nothing but the plan is read. */
    public static Narrowing of(BackupPlan whole, Selection selection) {
        return new Narrowing(whole, SelectedNames.of(whole, selection));
    }

    private List<Unit> units(List<Unit> units) {
        return units.stream()
                .map(unit -> unit.only(positions))
                .filter(unit -> !unit.ranges().isEmpty())
                .toList();
    }

    /** What is selected, by the target's names. */
    public BackupPlan plan() {
        return plan;
    }

    /** The selected segments of a part, in its order, as positions of {@link #plan()}. */
    public Part of(Part part) {
        return new Part(
                part.backup(),
                part.unit(),
                part.segments().stream()
                        .filter(segment -> positions.containsKey(segment.collection()))
                        .map(segment -> segment.moved(positions.getOrDefault(segment.collection(), -1)))
                        .toList());
    }

    /** Whether something of the backup's data is left out: then a proof is none of the whole backup. */
    public boolean isPartial() {
        return !leftOut.isEmpty();
    }

    /**
     * What a collection or view that the source created only later is called in the target; empty where the selection does
     * not take it.
     */
    public Optional<Namespace> target(Namespace later) {
        return names.later(later);
    }

    /** Collections and views of the backup that are not restored, by their names in the source. */
    public List<Namespace> leftOut() {
        return leftOut;
    }

    /** The names in the source and in the target of each collection and view that is renamed. */
    public SortedMap<String, String> renamed() {
        return renamed;
    }

    /** One line for each view that is restored although what it shows is not. */
    public List<String> blind() {
        return blind;
    }
}
