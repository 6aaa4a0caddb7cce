import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.Updates;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.bson.Document;

/**
 * Changes one document of a thousand in what {@code DemoData fill --shape bench} made: {@code BenchChanges.java URI near|spread}.
 *
 * <p>{@code near}: documents of one collection that follow one another by {@code _id}; {@code spread}: every thousandth of each.
 */
final class BenchChanges {
    private static final Logger DRIVER = Logger.getLogger("org.mongodb");
    private static final int OF = 1_000;
    private static final int BATCH = 500;

    private BenchChanges() {}

    public static void main(String[] args) {
        DRIVER.setLevel(Level.SEVERE);
        try (MongoClient client = MongoClients.create(args[0])) {
            var database = client.getDatabase("bench");
            List<MongoCollection<Document>> collections = new ArrayList<>();
            database.listCollectionNames().forEach(name -> collections.add(database.getCollection(name)));
            long changed = args[1].equals("near") ? near(collections) : spread(collections);
            System.err.printf("Changed %,d documents.%n", changed);
        }
    }

    private static long near(List<MongoCollection<Document>> collections) {
        long all = collections.stream().mapToLong(MongoCollection::countDocuments).sum();
        MongoCollection<Document> largest = collections.getFirst().getNamespace().getCollectionName().startsWith("small")
                ? collections.stream().filter(each -> !each.getNamespace().getCollectionName().startsWith("small")).findFirst().orElseThrow()
                : collections.getFirst();
        List<Object> ids = new ArrayList<>();
        for (Document each : ids(largest).limit((int) Math.min(all / OF, Integer.MAX_VALUE))) {
            ids.add(each.get("_id"));
        }
        return change(largest, ids);
    }

    private static long spread(List<MongoCollection<Document>> collections) {
        long changed = 0;
        for (MongoCollection<Document> each : collections) {
            List<Object> ids = new ArrayList<>();
            long number = 0;
            for (Document document : ids(each).batchSize(10_000)) {
                if (number++ % OF == OF / 2) {
                    ids.add(document.get("_id"));
                }
            }
            changed += change(each, ids);
        }
        return changed;
    }

    private static com.mongodb.client.FindIterable<Document> ids(MongoCollection<Document> collection) {
        return collection.find().projection(Projections.include("_id")).sort(Sorts.ascending("_id")).hint(new Document("_id", 1));
    }

    private static long change(MongoCollection<Document> collection, List<Object> ids) {
        long changed = 0;
        for (int from = 0; from < ids.size(); from += BATCH) {
            List<Object> some = ids.subList(from, Math.min(ids.size(), from + BATCH));
            changed += collection.updateMany(Filters.in("_id", some), Updates.inc("changes", 1)).getModifiedCount();
        }
        return changed;
    }
}
