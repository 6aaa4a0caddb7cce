package io.firedrill.verify;

import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Two states of the same databases.
 *
 * @param collections of either state, in order of their names
 */
public record StateComparison(List<CollectionComparison> collections) {
    public StateComparison {
        collections = List.copyOf(collections);
    }

    public static StateComparison between(DatabaseState before, DatabaseState after) {
        Map<Namespace, String> definitions = ShapeComparison.differences(shapes(before), shapes(after));
        var names = new TreeSet<>(before.collections().keySet());
        names.addAll(after.collections().keySet());
        return new StateComparison(names.stream()
                .map(name -> new CollectionComparison(
                        name,
                        Optional.ofNullable(before.collections().get(name)),
                        Optional.ofNullable(after.collections().get(name)),
                        definitions.getOrDefault(name, "")))
                .toList());
    }

    private static List<CollectionShape> shapes(DatabaseState state) {
        return state.collections().values().stream().map(CollectionState::shape).toList();
    }

    /** How far all of it is the same, definitions included; another collection with the same documents is the same. */
    public Level level() {
        return collections.stream().map(CollectionComparison::level).reduce(Level.EXACT, Level::or);
    }

    /** Those that are not the same to the byte, or not in what they are. */
    public List<CollectionComparison> differing() {
        return collections.stream().filter(each -> each.level() != Level.EXACT).toList();
    }

    /** Those that are other collections of the same name, whatever they hold. */
    public List<CollectionComparison> recreated() {
        return collections.stream().filter(CollectionComparison::isRecreated).toList();
    }
}
