package io.firedrill.testing;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.bson.Document;

/**
 * Writes without a pause: moves money between two collections in transactions, so that the sum never changes, and inserts,
 * updates and deletes elsewhere, so that no two moments are alike.
 */
public final class MoneyMover implements AutoCloseable {
    /** The databases it writes into. */
    public static final List<String> DATABASES = List.of("bank", "noise");

    /** All the money there is, at every moment. */
    public static final long SUM = 2L * MoneyMover.ACCOUNTS * MoneyMover.BALANCE;

    private static final int ACCOUNTS = 400;
    private static final int BALANCE = 1_000;
    private static final int NOTES = 12_000;

    private final MongoClient client;
    private final Random random;
    private final AtomicLong transfers = new AtomicLong();
    private final SteadyWriter writer;
    private int nextNote = NOTES;

    public MoneyMover(MongodServer server, long seed) {
        client = server.client();
        writer = new SteadyWriter("money-mover", client, this::write);
        random = new Random(seed);
    }

    /** Opens the accounts and writes the notes that are changed later. */
    public MoneyMover filled() {
        for (String name : List.of("accounts", "savings")) {
            List<Document> accounts = new ArrayList<>();
            for (int i = 0; i < ACCOUNTS; i++) {
                accounts.add(new Document("_id", i).append("balance", BALANCE));
            }
            bank().getCollection(name).insertMany(accounts);
        }
        List<Document> notes = new ArrayList<>();
        for (int i = 0; i < NOTES; i++) {
            notes.add(note(i));
        }
        notes().insertMany(notes);
        return this;
    }

    public MoneyMover started() {
        writer.start();
        return this;
    }

    /** How many transactions were committed so far. */
    public long transfers() {
        writer.requireSound();
        return transfers.get();
    }

    /** The sum over both collections of a server, which may be a copy. */
    public static long sum(MongodServer server) {
        try (MongoClient client = server.client()) {
            return Stream.of("accounts", "savings")
                    .flatMap(name ->
                            client.getDatabase("bank").getCollection(name).find().into(new ArrayList<>()).stream())
                    .mapToLong(account -> account.getInteger("balance"))
                    .sum();
        }
    }

    private void write(ClientSession session) {
        transfer(session);
        disturb();
    }

    private void transfer(ClientSession session) {
        boolean saved = random.nextBoolean();
        int amount = random.nextInt(100);
        session.withTransaction(() -> {
            change(session, saved ? "accounts" : "savings", -amount);
            change(session, saved ? "savings" : "accounts", amount);
            return amount;
        });
        transfers.incrementAndGet();
    }

    private void change(ClientSession session, String collection, int amount) {
        bank().getCollection(collection)
                .updateOne(
                        session,
                        Filters.eq("_id", random.nextInt(ACCOUNTS)),
                        Updates.combine(Updates.inc("balance", amount), Updates.inc("moves", 1)));
    }

    private void disturb() {
        notes().insertOne(note(nextNote++));
        notes().updateOne(Filters.eq("_id", random.nextInt(NOTES)), Updates.inc("changed", 1));
        notes().deleteOne(Filters.eq("_id", random.nextInt(nextNote)));
    }

    private Document note(int id) {
        return new Document("_id", id).append("text", "note " + random.nextLong() + " ".repeat(id % 900));
    }

    private MongoDatabase bank() {
        return client.getDatabase("bank");
    }

    private MongoCollection<Document> notes() {
        return client.getDatabase("noise").getCollection("notes");
    }

    @Override
    public void close() {
        writer.close();
    }
}
