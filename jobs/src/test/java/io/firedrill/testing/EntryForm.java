package io.firedrill.testing;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * A form of oplog entry, and what has a real server write it. Each has a database of its own.
 *
 * @param name as the printed table has it
 * @param prepare what is there before
 * @param write what makes the entries
 */
public record EntryForm(
        String name, BiConsumer<MongoClient, MongoDatabase> prepare, BiConsumer<MongoClient, MongoDatabase> write) {

    /** All of them. */
    public static List<EntryForm> all() {
        return Stream.of(DocumentForms.all(), CollectionForms.all(), IndexForms.all())
                .flatMap(List::stream)
                .toList();
    }

    /** Where it takes place. */
    public String database() {
        return "f_" + name.replaceAll("[^A-Za-z0-9]+", "_");
    }

    /** The same, and where something is moved to. */
    public List<String> databases() {
        return List.of(database(), database() + "_other");
    }

    @Override
    public String toString() {
        return name;
    }
}
