package io.firedrill.testing;

import com.mongodb.MongoException;
import com.mongodb.ReadPreference;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.Document;

/** A real replica set of several members on loopback; the first is its primary, and the others may never be unless asked for. */
public final class MemberSet implements AutoCloseable {
    private static final Duration ELECTION_MAX = Duration.ofMinutes(2);

    private final List<MongodServer> members = new ArrayList<>();
    private final String name;
    private final boolean electable;

    public MemberSet(String name, int size) {
        this(name, size, false);
    }

    private MemberSet(String name, int size, boolean electable) {
        this.name = name;
        this.electable = electable;
        for (int i = 0; i < size; i++) {
            members.add(MongodServer.member(name, "--setParameter", "enableTestCommands=1"));
        }
        initiate();
    }

    /**
     * A set any of whose members may become the primary, a few seconds after the one before is gone: no sooner, lest a busy
     * machine, on which a primary is late with its word, sees an election that nobody asked for.
     */
    public static MemberSet electable(String name, int size) {
        return new MemberSet(name, size, true);
    }

    private void initiate() {
        for (int i = 0; i < members.size(); i++) {
            try (MongoClient client = connected(direct(i))) {
                // Waits, in the driver's server selection, until it answers.
                client.getDatabase("admin").runCommand(new Document("ping", 1));
            }
        }
        List<Document> list = IntStream.range(0, members.size())
                .mapToObj(i ->
                        new Document("_id", i).append("host", host(i)).append("priority", i == 0 || electable ? 1 : 0))
                .toList();
        var settings = new Document(electable ? Map.of("electionTimeoutMillis", 6_000) : Map.of());
        try (MongoClient client = client(0)) {
            client.getDatabase("admin")
                    .runCommand(new Document(
                            "replSetInitiate",
                            new Document("_id", name).append("members", list).append("settings", settings)));
        }
        try (MongoClient client = connected(uri())) {
            // Waits for the primary, and then until every member has the write.
            client.getDatabase("admin")
                    .runCommand(Document.parse(
                            "{appendOplogNote: 1, data: {ready: 1}, writeConcern: {w: %d}}".formatted(members.size())));
        }
    }

    public MongodServer member(int number) {
        return members.get(number);
    }

    /** {@code host:port}, as the members know each other. */
    public String host(int number) {
        return "127.0.0.1:" + members.get(number).port();
    }

    public String uri() {
        String hosts = IntStream.range(0, electable ? members.size() : 1)
                .mapToObj(this::host)
                .collect(Collectors.joining(","));
        return "mongodb://%s/?replicaSet=%s".formatted(hosts, name);
    }

    /** A connection to one member alone. */
    public MongoClient client(int number) {
        return MongoClients.create(direct(number));
    }

    private String direct(int number) {
        return "mongodb://%s/?directConnection=true".formatted(host(number));
    }

    /** One that waits for servers which only just start. */
    private static MongoClient connected(String uri) {
        return MongoClients.create(uri + "&serverSelectionTimeoutMS=" + MongodServer.START_MAX.toMillis());
    }

    public Deployment deployment() {
        return Deployments.connect(uri(), "source");
    }

    /** The member that is the primary now; waits for one. */
    public int primary() {
        try (MongoClient client = MongoClients.create(uri())) {
            String host = client.getDatabase("admin")
                    .runCommand(new Document("hello", 1), ReadPreference.primary())
                    .getString("me");
            return IntStream.range(0, members.size())
                    .filter(i -> host(i).equals(host))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Asks a primary to be none for a while, as soon as another has all that it has; the connection may break over it. */
    public void stepDown(int number) {
        try (MongoClient client = client(number)) {
            client.getDatabase("admin")
                    .runCommand(Document.parse("{replSetStepDown: 40, secondaryCatchUpPeriodSecs: 30}"));
        } catch (MongoException _) {
            // What became of it, whoever asks for the next primary sees.
        }
    }

    /** Waits for an election that another member wins. */
    public void awaitPrimaryOtherThan(int before) {
        Patience.await("a member other than %d has become primary".formatted(before), ELECTION_MAX, () -> {
            // One look: between two of them the old one may come back.
            int now = primaryOrNone();
            return now >= 0 && now != before;
        });
    }

    /** Lets a member take nothing more from the others, or go on. */
    public void stopReplication(int number, boolean stopped) {
        try (MongoClient client = client(number)) {
            client.getDatabase("admin")
                    .runCommand(new Document("configureFailPoint", "stopReplProducer")
                            .append("mode", stopped ? "alwaysOn" : "off"));
        }
    }

    /** How many further batches the clients of all members have asked for since these were started. */
    public long batchesAskedFor() {
        return IntStream.range(0, members.size())
                .mapToLong(this::batchesAskedFor)
                .sum();
    }

    private long batchesAskedFor(int number) {
        try (MongoClient client = client(number)) {
            return client.getDatabase("admin")
                    .runCommand(new Document("serverStatus", 1))
                    .getEmbedded(List.of("opcounters", "getmore"), Number.class)
                    .longValue();
        }
    }

    private int primaryOrNone() {
        try {
            return primary();
        } catch (MongoException _) {
            return -1;
        }
    }

    /** How many documents a member has returned to its clients since it started. */
    public long documentsReturned(int number) {
        try (MongoClient client = client(number)) {
            return client.getDatabase("admin")
                    .runCommand(new Document("serverStatus", 1))
                    .getEmbedded(List.of("metrics", "document", "returned"), Long.class);
        }
    }

    @Override
    public void close() {
        members.forEach(MongodServer::close);
    }
}
