import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.bson.types.Binary;

/**
 * Inserts at a fixed pace until its standard input ends, and prints how long the inserts took. A late insert counts from
 * the moment it was due, or a stall would hide all the inserts that had to wait behind it.
 *
 * <p>Usage: {@code WriterLatency URI PER_SECOND}
 */
final class WriterLatency {
    private long[] micros = new long[1 << 16];
    private int count;

    public static void main(String[] arguments) throws Exception {
        try (MongoClient client = MongoClients.create(arguments[0])) {
            MongoCollection<Document> ticks = client.getDatabase("writer")
                    .getCollection("ticks")
                    .withWriteConcern(WriteConcern.MAJORITY);
            System.out.println(new WriterLatency().run(ticks, Integer.parseInt(arguments[1])));
        }
    }

    private String run(MongoCollection<Document> ticks, int perSecond) throws Exception {
        long step = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long due = System.nanoTime();
        while (System.in.available() == 0) {
            while (System.nanoTime() < due) {
                Thread.sleep(0, 200_000);
            }
            ticks.insertOne(new Document("payload", new Binary(new byte[500])));
            add((System.nanoTime() - due) / 1_000);
            due += step;
        }
        return summary();
    }

    private void add(long value) {
        if (count == micros.length) {
            micros = Arrays.copyOf(micros, 2 * count);
        }
        micros[count++] = value;
    }

    private String summary() {
        long[] sorted = Arrays.copyOf(micros, count);
        Arrays.sort(sorted);
        return "%d %.2f %.2f %.2f".formatted(count, at(sorted, 0.5), at(sorted, 0.95), at(sorted, 0.99));
    }

    private static double at(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1_000.0;
    }
}
