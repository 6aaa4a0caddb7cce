package io.firedrill.verify;

import io.firedrill.archive.Digests;
import io.firedrill.mongo.Namespace;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What some databases of a deployment were and held at one time. Small, however much they held.
 *
 * @param collections with the views, by name
 */
public record DatabaseState(SortedMap<Namespace, CollectionState> collections) {
    public DatabaseState {
        collections = Collections.unmodifiableSortedMap(new TreeMap<>(collections));
    }

    /** How many documents there are in all. */
    public long documents() {
        return collections.values().stream()
                .mapToLong(CollectionState::documents)
                .sum();
    }

    /** One SHA-256 for all documents: over the names of the collections, their counts and their exact digests. */
    public String digest() {
        String all = collections.entrySet().stream()
                .filter(entry -> entry.getValue().shape().hasDocuments())
                .map(DatabaseState::line)
                .collect(Collectors.joining());
        return Digests.sha256Hex(all.getBytes(StandardCharsets.UTF_8));
    }

    private static String line(Map.Entry<Namespace, CollectionState> entry) {
        CollectionState state = entry.getValue();
        return "%s\0%d %s %s\n"
                .formatted(
                        entry.getKey(),
                        state.documents(),
                        state.exact(),
                        state.sequence().orElse("-"));
    }
}
