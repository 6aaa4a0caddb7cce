package io.firedrill.archive;

import io.firedrill.mongo.Namespace;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a restore takes of a backup, and under which names. Users and roles are no part of it: they are restored as a whole or
 * not at all. What it says of itself is equal for equal selections, so that a run that goes on can be held to its own.
 */
public final class Selection {
    public static final Selection EVERYTHING = new Selection(List.of(), List.of(), List.of());

    private final List<NamespacePattern> include;
    private final List<NamespacePattern> exclude;
    private final List<Renaming> renamings;

    private Selection(List<NamespacePattern> include, List<NamespacePattern> exclude, List<Renaming> renamings) {
        this.include = List.copyOf(include);
        this.exclude = List.copyOf(exclude);
        this.renamings = List.copyOf(renamings);
    }

    /**
     * Reads what somebody wrote.
     *
     * @param include patterns of what is taken; none means everything
     * @param exclude patterns of what is left out of that
     * @param renamings FROM=TO
     */
    public static Selection of(List<String> include, List<String> exclude, List<String> renamings) {
        return new Selection(
                include.stream().map(NamespacePattern::parse).toList(),
                exclude.stream().map(NamespacePattern::parse).toList(),
                renamings.stream().map(Renaming::parse).toList());
    }

    /** Whether it takes a collection; asked about users and roles it says nothing that counts. */
    public boolean takes(Namespace namespace) {
        return (include.isEmpty() || include.stream().anyMatch(pattern -> pattern.matches(namespace)))
                && exclude.stream().noneMatch(pattern -> pattern.matches(namespace));
    }

    /** Whether it may take anything of a database. */
    public boolean takesOf(String database) {
        var any = new Namespace(database, NamePattern.STAR);
        return include.isEmpty() || include.stream().anyMatch(pattern -> pattern.matchesDatabase(any));
    }

    /** What {@link #of} takes again, in its order: patterns of what is taken, of what is left out, and renamings. */
    public List<List<String>> texts() {
        return Stream.of(include, exclude, renamings)
                .map(some -> some.stream().map(Object::toString).toList())
                .toList();
    }

    /** All patterns of what is taken and what is not. */
    List<NamespacePattern> patterns() {
        return Stream.concat(include.stream(), exclude.stream()).toList();
    }

    List<Renaming> renamings() {
        return renamings;
    }

    @Override
    public String toString() {
        String text = "%s%s%s"
                .formatted(words(" --include ", include), words(" --exclude ", exclude), words(" --rename ", renamings))
                .strip();
        return text.isEmpty() ? "everything" : text;
    }

    private static String words(String option, List<?> values) {
        return String.join(
                "",
                values.stream()
                        .map(Object::toString)
                        .sorted()
                        .distinct()
                        .map(option::concat)
                        .toList());
    }
}
