package io.firedrill.migration;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * Commands that apply one change and take one back. {@code {id}} in an argument stands for its id, as it is: no shell is
 * between. Where there is a shell, hand the id on as an argument ({@code sh -c 'tool up "$1"' sh {id}}), for an id is data.
 *
 * @param apply the program and its arguments; empty where there is none, and so is {@code revert}
 * @param uriVariable the environment variable in which it gets the connection string
 * @param books where the tool keeps its rows; empty where nobody knows
 */
public record CommandRun(
        List<String> apply, List<String> revert, Optional<String> uriVariable, Optional<Bookkeeping> books) {
    /** It only lists. */
    public static final CommandRun NONE = new CommandRun(List.of(), List.of(), Optional.empty(), Optional.empty());

    public CommandRun {
        apply = List.copyOf(apply);
        revert = List.copyOf(revert);
    }

    /** Whether changes are applied by it, and none is taken back. */
    boolean isOneWay() {
        return !apply.isEmpty() && revert.isEmpty();
    }

    /** That nothing keeps two runs apart, where the tool has no lock; nothing where nobody says what it has. */
    List<Finding> findings() {
        boolean unlocked = books.filter(known -> known.collections().equals(Set.of(known.changelog())))
                .isPresent();
        return unlocked ? List.of(LintRule.NO_LOCK.finding("no lock collection is named")) : List.of();
    }

    /**
     * Rows of which one field is the id of a change.
     *
     * @param collections all of the tool's own
     * @param changelog the one of them with the rows
     */
    public static Bookkeeping books(Set<String> collections, String changelog, String idField) {
        return new Books(
                collections, changelog, idField, change -> new BsonDocument(idField, new BsonString(change.id())));
    }
}
