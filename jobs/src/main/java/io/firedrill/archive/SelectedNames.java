package io.firedrill.archive;

import io.firedrill.archive.References.Reference;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Which collections of a backup a selection takes, and what each is called in the target; refuses what cannot come out right. */
final class SelectedNames {
    private static final int NAMES_MAX = 10;

    private final BackupPlan plan;
    private final Selection selection;
    private final SortedMap<Namespace, Namespace> targets = new TreeMap<>();

    private SelectedNames(BackupPlan plan, Selection selection) {
        this.plan = plan;
        this.selection = selection;
    }

    static SelectedNames of(BackupPlan plan, Selection selection) {
        var names = new SelectedNames(plan, selection);
        selection.patterns().forEach(names::requireMatch);
        names.shapes().forEach(shape -> names.targets.put(shape.namespace(), names.renamed(shape.namespace())));
        names.requireData();
        if (!selection.renamings().isEmpty()) {
            selection.renamings().forEach(names::requireUse);
            names.requireDistinct();
            names.shapes().forEach(names::requireReferences);
        }
        return names;
    }

    boolean takes(Namespace namespace) {
        return namespace.isAccess() || targets.containsKey(namespace);
    }

    Namespace target(Namespace namespace) {
        return targets.getOrDefault(namespace, namespace);
    }

    Optional<Namespace> later(Namespace namespace) {
        return selection.takes(namespace) ? Optional.of(renamed(namespace)) : Optional.empty();
    }

    List<Namespace> leftOut() {
        return plan.data().stream()
                .map(CollectionShape::namespace)
                .filter(name -> !targets.containsKey(name))
                .toList();
    }

    SortedMap<String, String> renamed() {
        SortedMap<String, String> moved = new TreeMap<>();
        targets.forEach((source, target) -> {
            if (!source.equals(target)) {
                moved.put(source.toString(), target.toString());
            }
        });
        return Collections.unmodifiableSortedMap(moved);
    }

    List<String> blind() {
        Set<Namespace> missing = new HashSet<>(leftOut());
        return shapes().flatMap(shape -> References.of(shape).stream()
                        .filter(reference -> missing.contains(reference.name()))
                        .map(reference -> "%s: it shows or names %s, which was left out"
                                .formatted(shape.namespace(), reference.name())))
                .distinct()
                .toList();
    }

    /** What is taken. */
    private Stream<CollectionShape> shapes() {
        return plan.data().stream().filter(shape -> selection.takes(shape.namespace()));
    }

    private void requireMatch(NamespacePattern pattern) {
        if (plan.data().stream().anyMatch(shape -> pattern.matches(shape.namespace()))) {
            return;
        }
        boolean access = pattern.matches(Namespace.USERS) || pattern.matches(Namespace.ROLES);
        throw invalid(
                "'%s' matches nothing in backup %s, which holds %s".formatted(pattern, plan.id(), held(pattern)),
                access
                        ? "Users and roles are restored with --with-users, as a whole; nothing was written."
                        : "Mind capital letters, and write the database first; nothing was written.");
    }

    /** Some of the names that were perhaps meant: those of the same database, else the databases. */
    private String held(NamespacePattern pattern) {
        List<Namespace> owners = plan.data().stream()
                .map(shape -> shape.namespace().owner())
                .distinct()
                .toList();
        List<String> near = owners.stream()
                .filter(pattern::matchesDatabase)
                .map(Namespace::toString)
                .toList();
        List<String> names = near.isEmpty()
                ? owners.stream().map(Namespace::database).distinct().toList()
                : near;
        String some = String.join(", ", names.subList(0, Math.min(NAMES_MAX, names.size())));
        return names.size() > NAMES_MAX ? "%s and %d more".formatted(some, names.size() - NAMES_MAX) : some;
    }

    private void requireData() {
        if (shapes().noneMatch(CollectionShape::hasDocuments)) {
            throw invalid(
                    "%s leaves %s of backup %s"
                            .formatted(selection, targets.isEmpty() ? "nothing" : "nothing but views", plan.id()),
                    "Include at least one collection, and do not exclude it again; nothing was written.");
        }
    }

    private Namespace renamed(Namespace namespace) {
        Namespace owner = namespace.owner();
        List<Renaming> matching = selection.renamings().stream()
                .filter(each -> each.matches(owner))
                .toList();
        if (matching.size() > 1) {
            throw invalid(
                    "%s is renamed twice, by %s and by %s".formatted(owner, matching.get(0), matching.get(1)),
                    "Let one --rename speak of each collection; nothing was written.");
        }
        Namespace target = matching.stream()
                .flatMap(each -> each.of(owner).stream())
                .map(name -> namespace.isBuckets() ? name.buckets() : name)
                .findFirst()
                .orElse(namespace);
        if (!target.equals(namespace)) {
            TargetNames.requireShort(namespace, target);
        }
        return target;
    }

    private void requireUse(Renaming renaming) {
        if (targets.keySet().stream().noneMatch(renaming::matches)) {
            throw invalid(
                    "--rename %s matches nothing that would be restored of backup %s".formatted(renaming, plan.id()),
                    "Correct or remove it; nothing was written.");
        }
    }

    private void requireDistinct() {
        Map<Namespace, Namespace> sources = new HashMap<>();
        targets.forEach((source, target) -> {
            Namespace other = sources.putIfAbsent(target, source);
            if (other != null) {
                throw invalid(
                        "%s and %s would both be restored as %s".formatted(other, source, target),
                        "Rename or exclude one of the two; nothing was written.");
            }
        });
        TargetNames.requireDistinctDatabases(targets.values());
    }

    /** A definition comes back as it was, so what it names has to be found where it will look. */
    private void requireReferences(CollectionShape shape) {
        Namespace target = target(shape.namespace());
        if (References.isEncrypted(shape)
                && !target.collection().equals(shape.namespace().collection())) {
            throw invalid(
                    "%s is encrypted, and its state collections carry its name".formatted(shape.namespace()),
                    "Rename its database as a whole, or leave the collection its name; nothing was written.");
        }
        for (Reference reference : References.of(shape)) {
            Namespace looked = reference.fixed()
                    ? reference.name()
                    : new Namespace(target.database(), reference.name().collection());
            Namespace lies = targets.get(reference.name());
            boolean found = lies == null ? !targets.containsValue(looked) : lies.equals(looked);
            if (!found) {
                throw invalid(
                        "%s names %s in its definition, and by --rename it would find something else there or nothing"
                                .formatted(shape.namespace(), reference.name()),
                        "Rename the database as a whole, or leave out what names it: --exclude %s. Nothing was written."
                                .formatted(shape.namespace()));
            }
        }
    }

    private static Failure invalid(String message, String hint) {
        return new Failure(FailureKind.CONFIGURATION_INVALID, message, hint);
    }
}
