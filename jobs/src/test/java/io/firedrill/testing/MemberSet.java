package io.firedrill.testing;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.Document;

/** A real replica set of several members on loopback; the first is its primary, the others may never be. */
public final class MemberSet implements AutoCloseable {
    private final List<MongodServer> members = new ArrayList<>();
    private final String name;

    public MemberSet(String name, int size) {
        this.name = name;
        for (int i = 0; i < size; i++) {
            members.add(MongodServer.member(name, "--setParameter", "enableTestCommands=1"));
        }
        initiate();
    }

    private void initiate() {
        for (int i = 0; i < members.size(); i++) {
            try (MongoClient client = client(i)) {
                // Waits, in the driver's server selection, until it answers.
                client.getDatabase("admin").runCommand(new Document("ping", 1));
            }
        }
        List<Document> list = IntStream.range(0, members.size())
                .mapToObj(i -> new Document("_id", i).append("host", host(i)).append("priority", i == 0 ? 1 : 0))
                .toList();
        try (MongoClient client = client(0)) {
            client.getDatabase("admin")
                    .runCommand(new Document("replSetInitiate", new Document("_id", name).append("members", list)));
        }
        try (MongoClient client = MongoClients.create(uri())) {
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
        return "mongodb://%s/?replicaSet=%s".formatted(host(0), name);
    }

    /** A connection to one member alone. */
    public MongoClient client(int number) {
        return MongoClients.create("mongodb://%s/?directConnection=true".formatted(host(number)));
    }

    public Deployment deployment() {
        return Deployments.connect(uri(), "source");
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
