package io.firedrill.mongo;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** Documents of about 900 bytes that compress about as well as a shop's do; always the same ones. */
public final class BenchDocuments {
    private static final String[] WORDS = {"order", "customer", "street", "amount", "shipped", "open", "invoice", "note"};

    private BenchDocuments() {}

    /** As many as it takes to reach a number of bytes. */
    public static byte[][] documents(int bytes) {
        var random = new Random(1);
        List<byte[]> all = new ArrayList<>();
        for (int sum = 0; sum < bytes; ) {
            byte[] next = document(all.size(), random);
            all.add(next);
            sum += next.length;
        }
        return all.toArray(byte[][]::new);
    }

    private static byte[] document(int id, Random random) {
        var text = new StringBuilder();
        while (text.length() < 850) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(100_000)).append(' ');
        }
        var document = new BsonDocument("_id", new BsonInt32(id)).append("text", new BsonString(text.toString()));
        var raw = new RawBsonDocument(document, new BsonDocumentCodec());
        byte[] bytes = new byte[raw.getByteBuffer().remaining()];
        raw.getByteBuffer().get(bytes);
        return bytes;
    }
}
