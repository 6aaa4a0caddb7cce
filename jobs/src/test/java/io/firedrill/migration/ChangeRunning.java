package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.firedrill.mongo.Deployment;
import io.firedrill.testing.MongockSample;
import io.firedrill.testing.MongodServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * One change at a time, by the real Mongock and the real migrate-mongo on a real replica set that asks for a password. How
 * they stand is told by the tool's own rows, what is in the data by the server's digest.
 */
abstract class ChangeRunning {
    static final Duration ENOUGH = Duration.ofMinutes(2);
    static final String PASSWORD = "an-admins-password";

    @TempDir
    static Path directory;

    static MongodServer server;
    static MongoClient client;
    static MigrationBench bench;

    @BeforeAll
    static void start() {
        server = MongodServer.guardedReplicaSet("shop");
        client = server.client();
        bench = MigrationBench.of(server, directory);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    static ChangeRunner runner(MigrationSource source) {
        return source.runner(RunTools.usual(MongockSample.shipped()));
    }

    static RunTarget target(String database, Duration limit) {
        return new RunTarget(server.uri(), database, limit, Map.of("rehearsal", "R-42"));
    }

    static RunTarget target(String database) {
        return target(database, ENOUGH);
    }

    static RunEnd ended(RunningChange running) {
        try (running) {
            return running.await();
        }
    }

    static void ok(RunningChange running) {
        RunEnd end = ended(running);
        assertThat(end.code()).as(end.lastWords()).isZero();
    }

    static Change change(MigrationSource source, String id) {
        return source.artefact().changes().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    static String states(MigrationSource source, String database) {
        try (Deployment deployment = server.deployment("source")) {
            var found = new MigrationDatabase(deployment, database, InstantSource.system());
            Standing standing = source.standing(Optional.of(found));
            return standing.changes().stream()
                            .map(each -> each.change().id() + " " + each.state())
                            .collect(Collectors.joining(", "))
                    + standing.lock().map(_ -> ", locked").orElse("");
        }
    }

    /** The server's own digest of one collection and its indexes; the tool's collections are not in it. */
    static String data(String database, String collection) {
        MongoDatabase shop = client.getDatabase(database);
        String hash = shop.runCommand(new Document("dbHash", 1).append("collections", List.of(collection)))
                .getString("md5");
        return hash
                + shop.getCollection(collection)
                        .listIndexes()
                        .map(Document::toJson)
                        .into(new ArrayList<>());
    }

    static List<Document> rows(MigrationSource source, String database, String id) {
        Bookkeeping books = runner(source).bookkeeping();
        return client.getDatabase(database)
                .getCollection(books.changelog())
                .find(books.rowsOf(change(source, id)))
                .into(new ArrayList<>());
    }

    /** Up one by one, each with its own state, and down the same way: each step back is where the step forward began. */
    static void ladder(MigrationSource source, String database, String collection, List<String> ids) {
        ChangeRunner runner = runner(source);
        Deque<String> before = new ArrayDeque<>();
        for (int i = 0; i < ids.size(); i++) {
            before.push(data(database, collection));
            ok(runner.apply(change(source, ids.get(i)), target(database)));
            assertThat(states(source, database)).isEqualTo(expected(ids, i + 1));
            assertThat(data(database, collection)).isNotEqualTo(before.peek());
        }
        for (int i = ids.size() - 1; i >= 0; i--) {
            ok(runner.revert(change(source, ids.get(i)), target(database)));
            assertThat(states(source, database)).isEqualTo(expected(ids, i));
            assertThat(data(database, collection)).isEqualTo(before.pop());
        }
        assertThat(client.getDatabase(database).listCollectionNames().into(new ArrayList<>()))
                .filteredOn(name -> !name.equals(collection) && !name.equals("switches"))
                .isSubsetOf(runner.bookkeeping().collections());
    }

    static String expected(List<String> ids, int applied) {
        return Stream.iterate(0, i -> i < ids.size(), i -> i + 1)
                .map(i -> ids.get(i) + (i < applied ? " APPLIED" : " PENDING"))
                .collect(Collectors.joining(", "));
    }
}
