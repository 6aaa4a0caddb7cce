import com.mongodb.MongoException;
import com.mongodb.TransactionOptions;
import com.mongodb.WriteConcern;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/** A busy shop: orders come, change and go; money moves between accounts in transactions that conserve its sum. */
final class DemoWriter {
    private final MongoClient client;
    private final SplittableRandom random;
    private final MongoCollection<Document> orders;
    private final List<ObjectId> mine = new ArrayList<>();
    private long writes;
    private long transactions;

    DemoWriter(MongoClient client, SplittableRandom random) {
        this.client = client;
        this.random = random;
        this.orders = client.getDatabase("shop").getCollection("orders");
    }

    void turn(long turn) {
        try {
            switch ((int) (turn % 6)) {
                case 0, 3 -> transfer();
                case 1, 4 -> insert(turn);
                case 2 -> update();
                default -> delete();
            }
        } catch (MongoException passing) {
            if (!passing.hasErrorLabel(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL)) {
                throw passing;
            }
        }
    }

    private void transfer() {
        MongoDatabase bank = client.getDatabase("bank");
        boolean saving = random.nextBoolean();
        long amount = 1 + random.nextInt(500);
        int from = random.nextInt(DemoData.ACCOUNTS);
        int to = random.nextInt(DemoData.ACCOUNTS);
        try (ClientSession session = client.startSession()) {
            session.withTransaction(() -> {
                bank.getCollection(saving ? "checking" : "savings").updateOne(session, Filters.eq(from), move(-amount));
                return bank.getCollection(saving ? "savings" : "checking").updateOne(session, Filters.eq(to), move(amount));
            }, TransactionOptions.builder().writeConcern(WriteConcern.MAJORITY).build());
        }
        transactions++;
    }

    private static Bson move(long amount) {
        return Updates.combine(Updates.inc("balance", amount), Updates.inc("moves", 1));
    }

    private void insert(long turn) {
        Document order = DemoDocuments.order(turn, random).append("_id", new ObjectId());
        orders.insertOne(order);
        mine.add(order.getObjectId("_id"));
        writes++;
    }

    private void update() {
        writes += orders.updateOne(Filters.eq(mine.get(random.nextInt(mine.size()))), Updates.combine(
                        Updates.set("status", DemoDocuments.STATUSES[random.nextInt(DemoDocuments.STATUSES.length)]), Updates.inc("changes", 1)))
                .getModifiedCount();
    }

    private void delete() {
        writes += orders.deleteOne(Filters.eq(mine.remove(random.nextInt(mine.size())))).getDeletedCount();
    }

    Document summary(double seconds) {
        return new Document("writes", writes).append("transactions", transactions).append("seconds", seconds);
    }
}
