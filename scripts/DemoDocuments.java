import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;

/** One document for every number: the shapes of a shop, a bank, a telemetry service and a file store. */
final class DemoDocuments {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    private static final Date FAR_FUTURE = Date.from(Instant.parse("2099-01-01T00:00:00Z"));
    static final String[] STATUSES = {"placed", "paid", "packed", "shipped", "delivered", "returned"};
    private static final String[] CITIES = {"Lisbon", "Kraków", "Aarhus", "Québec", "São Paulo", "Nagoya", "Cork", "Graz"};
    private static final String[] WORDS = ("amber anchor basket bridge candle carbon cedar copper cotton delta ember fabric"
                    + " field garden glass granite harbor indigo ivory juniper kettle lantern linen maple marble meadow"
                    + " mirror nickel oak olive orchard paper pepper pine quartz river saddle silver slate spruce stone"
                    + " sugar thunder timber velvet walnut willow winter wool zinc")
            .split(" ");

    private DemoDocuments() {}

    static Document order(long number, SplittableRandom random) {
        List<Document> items = new ArrayList<>();
        for (int item = 1 + random.nextInt(8); item > 0; item--) {
            items.add(new Document("product", random.nextInt(8_000))
                    .append("name", words(random, 3))
                    .append("quantity", 1 + random.nextInt(5))
                    .append("price", cents(random)));
        }
        return new Document("_id", id(number, random))
                .append("customer", random.nextInt(50_000))
                .append("status", STATUSES[random.nextInt(STATUSES.length)])
                .append("placedAt", moment(number))
                .append("items", items)
                .append("total", cents(random))
                .append("note", words(random, 30));
    }

    static Document event(long number, SplittableRandom random) {
        return new Document("_id", number)
                .append("device", random.nextInt(5_000))
                .append("at", moment(number))
                .append("expiresAt", FAR_FUTURE)
                .append("kind", WORDS[random.nextInt(12)])
                .append("reading", random.nextDouble(100))
                .append("battery", random.nextInt(100))
                .append("trace", binary(random, 240))
                .append("message", words(random, 20));
    }

    static Document payment(long number, SplittableRandom random) {
        Document payment = new Document("_id", "PAY-%012d".formatted(number))
                .append("account", random.nextInt(DemoData.ACCOUNTS))
                .append("amount", cents(random))
                .append("currency", "EUR")
                .append("at", moment(number))
                .append("memo", words(random, 24));
        return random.nextInt(10) == 0 ? payment : payment.append("reference", id(number, random));
    }

    static Document chunk(long number, SplittableRandom random) {
        return new Document("_id", id(number, random))
                .append("files_id", number / 4)
                .append("n", (int) (number % 4))
                .append("data", halfText(random));
    }

    static Document file(long number, SplittableRandom random) {
        return new Document("_id", number)
                .append("filename", words(random, 2).replace(' ', '-') + ".bin")
                .append("length", 1_020_000L)
                .append("chunkSize", 255 * 1024)
                .append("uploadDate", moment(number));
    }

    static Document customer(long number, SplittableRandom random) {
        List<Double> place = List.of(random.nextDouble(-180, 180), random.nextDouble(-85, 85));
        return new Document("_id", (int) number)
                .append("name", words(random, 2))
                .append("email", "Customer" + number + "@Example.org")
                .append("address", new Document("street", words(random, 3))
                        .append("city", CITIES[random.nextInt(CITIES.length)])
                        .append("location", new Document("type", "Point").append("coordinates", place)))
                .append("tags", List.of(WORDS[random.nextInt(WORDS.length)], WORDS[random.nextInt(WORDS.length)]))
                .append("since", moment(number));
    }

    static Document product(long number, SplittableRandom random) {
        return new Document("_id", (int) number)
                .append("name", words(random, 3))
                .append("description", words(random, 60))
                .append("attributes", new Document(WORDS[random.nextInt(WORDS.length)], random.nextInt(100))
                        .append(WORDS[random.nextInt(WORDS.length)], words(random, 1)))
                .append("price", cents(random));
    }

    static Document device(long number, SplittableRandom random) {
        return new Document("_id", new Document("site", (int) (number % 40)).append("serial", number))
                .append("firmware", random.nextInt(9) + "." + random.nextInt(20));
    }

    /** Some 30 bytes: what a document costs that is hardly there. */
    static Document tinyDocument(long number, SplittableRandom random) {
        return new Document("_id", number).append("n", random.nextInt(1_000_000)).append("ok", number % 2 == 0);
    }

    static Document benchDocument(long number, SplittableRandom random) {
        return new Document("_id", id(number, random))
                .append("customer", random.nextInt(1_000_000))
                .append("status", STATUSES[random.nextInt(STATUSES.length)])
                .append("at", moment(number))
                .append("amount", cents(random))
                .append("text", words(random, 82))
                .append("blob", binary(random, 180));
    }

    /** Rises with the number, as an ObjectId made by a driver does; the rest is of the seed, so runs are alike. */
    private static ObjectId id(long number, SplittableRandom random) {
        return new ObjectId((int) (EPOCH.getEpochSecond() + number / 50), (int) (number % 50) << 16 | random.nextInt(1 << 16));
    }

    private static Date moment(long number) {
        return Date.from(EPOCH.plusMillis(number * 20));
    }

    private static Decimal128 cents(SplittableRandom random) {
        return new Decimal128(BigDecimal.valueOf(random.nextLong(100, 100_000), 2));
    }

    private static Binary binary(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return new Binary(bytes);
    }

    /** 255 KiB as GridFS cuts them: half of it compresses, half does not. */
    private static Binary halfText(SplittableRandom random) {
        byte[] bytes = new byte[255 * 1024];
        random.nextBytes(bytes);
        byte[] text = words(random, 20_000).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, bytes, 0, Math.min(text.length, bytes.length / 2));
        return new Binary(bytes);
    }

    private static String words(SplittableRandom random, int count) {
        StringBuilder text = new StringBuilder(count * 7);
        for (int word = 0; word < count; word++) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
        }
        text.setLength(text.length() - 1);
        return text.toString();
    }
}
