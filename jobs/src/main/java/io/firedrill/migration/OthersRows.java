package io.firedrill.migration;

import io.firedrill.mongo.Deployment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * The rows of a tool's change log that are not of one change, as they stand at one moment. Whoever alters these makes the
 * tool believe something of other changes.
 */
final class OthersRows {
    private static final int NAMED_MAX = 20;

    private final Map<BsonValue, BsonDocument> byKey;
    private final String idField;

    /**
     * @param rows as the server has them
     */
    OthersRows(List<BsonDocument> rows, Bookkeeping books) {
        this.byKey = rows.stream()
                .collect(Collectors.toMap(OthersRows::key, row -> row, (first, _) -> first, LinkedHashMap::new));
        this.idField = books.idField();
    }

    static OthersRows of(Deployment deployment, String database, Bookkeeping books, Change change) {
        var find = new BsonDocument("find", new BsonString(books.changelog()))
                .append("filter", new BsonDocument("$nor", new BsonArray(List.of(books.rowsOf(change)))));
        return new OthersRows(
                deployment.all(database, find).stream()
                        .map(BsonValue::asDocument)
                        .toList(),
                books);
    }

    private static BsonValue key(BsonDocument row) {
        return row.get("_id", BsonNull.VALUE);
    }

    /**
     * What has become of them, each by the id of its change and without any other value.
     *
     * @param toolsOwn the keys of rows that the tool wrote by itself
     */
    List<String> differences(OthersRows after, Set<BsonValue> toolsOwn) {
        List<String> found = Stream.concat(
                        byKey.entrySet().stream()
                                .filter(entry -> !toolsOwn.contains(entry.getKey()))
                                .flatMap(entry -> become(entry.getKey(), entry.getValue(), after)),
                        after.byKey.entrySet().stream()
                                .filter(entry -> !byKey.containsKey(entry.getKey()))
                                .filter(entry -> !toolsOwn.contains(entry.getKey()))
                                .map(entry -> "a row of %s was added".formatted(name(entry.getValue()))))
                .toList();
        return found.size() <= NAMED_MAX
                ? found
                : Stream.concat(
                                found.stream().limit(NAMED_MAX),
                                Stream.of("and %d more".formatted(found.size() - NAMED_MAX)))
                        .toList();
    }

    private Stream<String> become(BsonValue key, BsonDocument row, OthersRows after) {
        BsonDocument now = after.byKey.get(key);
        if (now == null) {
            return Stream.of("a row of %s was removed".formatted(name(row)));
        }
        return Objects.equals(row, now) ? Stream.empty() : Stream.of("a row of %s was altered".formatted(name(row)));
    }

    private String name(BsonDocument row) {
        String id = Fields.text(row, idField);
        return id.isEmpty() ? "no change" : "'%s'".formatted(id);
    }
}
