import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.Document;

/**
 * The data that the changes in docs/samples/migrations are for: {@code DemoMigrations.java URI} fills the database shop.
 *
 * <p>Run from its source, with the driver on the class path.
 */
final class DemoMigrations {
    private static final int CUSTOMERS = 300;

    private DemoMigrations() {}

    public static void main(String[] arguments) {
        java.util.logging.Logger.getLogger("org.mongodb").setLevel(java.util.logging.Level.OFF);
        try (MongoClient client = MongoClients.create(arguments[0])) {
            MongoDatabase shop = client.getDatabase("shop");
            shop.getCollection("customers")
                    .insertMany(IntStream.range(0, CUSTOMERS)
                            .mapToObj(i -> new Document("_id", i).append("name", "n" + i).append("n", i))
                            .toList());
            shop.getCollection("legacy")
                    .insertMany(List.of(new Document("_id", 1).append("kept", true), new Document("_id", 2)));
            shop.getCollection("regions").createIndex(new Document("name", 1));
            shop.getCollection("regions").insertOne(new Document("_id", "eu").append("name", "EU"));
            System.err.printf("shop has %d customers%n", CUSTOMERS);
        }
    }
}
