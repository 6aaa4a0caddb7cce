package io.firedrill.migration;

import static com.mongodb.client.model.Filters.eq;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Updates;
import com.mongodb.connection.ServerDescription;
import io.firedrill.migration.Cut.Mode;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.types.Binary;

/** A server with proxies before it, and clients of them. */
record ProxyBench(MongodServer server, MongoClient direct) implements AutoCloseable {
    static final String BOOKS = "changelog";
    static final String LOCK = "lock";

    /** For a client that is cut off for good: it need not look for its server long. */
    static final String QUICKLY = "&serverSelectionTimeoutMS=1500";

    /** As large as a document can be, nearly. */
    static final int LARGE = 15_900_000;

    static ProxyBench started() {
        MongodServer server =
                MongodServer.replicaSet("wire", "--setParameter", "disableLogicalSessionCacheRefresh=true");
        return new ProxyBench(server, server.client());
    }

    static ToolNamespaces tool(String database) {
        return new ToolNamespaces(Set.of(database + "." + BOOKS, database + "." + LOCK), database + "." + BOOKS);
    }

    WireProxy counting(String database) {
        return WireProxy.counting(server.port(), tool(database), System::nanoTime);
    }

    WireProxy cutting(String database, Mode mode, WriteKind at, long number) {
        return WireProxy.cutting(server.port(), tool(database), System::nanoTime, new Cut(mode, at, number), () -> {});
    }

    MongoClient client(WireProxy proxy, String... options) {
        return MongoClients.create(proxy.uri(server.uri()) + String.join("", options));
    }

    /**
     * One that has found its server, and from now on waits for it no longer than one that is cut off for good need: how long the
     * first look at it takes is the machine's affair.
     */
    MongoClient hasty(WireProxy proxy, String... options) {
        MongoClient client = client(proxy, QUICKLY + String.join("", options));
        Patience.await(
                "it has found its server",
                Duration.ofMinutes(1),
                () -> client.getClusterDescription().getServerDescriptions().stream()
                        .anyMatch(ServerDescription::isOk));
        return client;
    }

    static List<String> told(WritesSeen seen) {
        return seen.counts().stream()
                .map(each -> "%s %s %s%s %d/%d"
                        .formatted(
                                each.kind(),
                                each.verb().command(),
                                String.join(" ", each.namespaces()),
                                each.inTransaction() ? " in transaction" : "",
                                each.commands(),
                                each.statements()))
                .toList();
    }

    long applied(String database) {
        return direct.getDatabase(database).getCollection("data").countDocuments();
    }

    /** Inserts documents one by one until one fails, while a lock is refreshed over the same client. */
    static int inserted(MongoClient client, String name, int count) throws Exception {
        MongoDatabase database = client.getDatabase(name);
        var stop = new AtomicBoolean();
        try (var threads = Executors.newSingleThreadExecutor()) {
            Future<?> refresher = threads.submit(() -> {
                while (!stop.get()) {
                    try {
                        database.getCollection(LOCK).updateOne(eq("_id", 1), Updates.inc("n", 1));
                    } catch (MongoException expected) {
                        return;
                    }
                }
            });
            int done = 0;
            try {
                for (; done < count; done++) {
                    database.getCollection("data").insertOne(new Document("_id", done + 1));
                }
            } catch (MongoException expected) {
                assertThat(expected).isNotNull();
            }
            stop.set(true);
            refresher.get(30, TimeUnit.SECONDS);
            return done;
        }
    }

    static Socket connect(WireProxy proxy) throws IOException {
        return new Socket(InetAddress.ofLiteral("127.0.0.1"), port(proxy));
    }

    static int port(WireProxy proxy) {
        return URI.create(proxy.uri("mongodb://h")).getPort();
    }

    static List<Document> documents(int count, int bytes) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Document("_id", i).append("bytes", new Binary(new byte[bytes])))
                .toList();
    }

    @Override
    public void close() {
        direct.close();
        server.close();
    }
}
