package io.firedrill.archive;

import java.nio.charset.StandardCharsets;
import org.bson.BsonValue;

/** How messages name a document: by an {@code _id} that tells nothing of a person. */
public final class RedactedId {
    private static final int LENGTH_MAX = 60;
    private static final int DIGEST_LENGTH = 16;

    private RedactedId() {}

    /** Numbers and generated ids as a person writes them; their type where several could be meant. */
    private static String text(BsonValue id) {
        return switch (id.getBsonType()) {
            case INT32 -> Integer.toString(id.asInt32().getValue());
            case INT64 -> id.asInt64().getValue() + " (int64)";
            case OBJECT_ID -> id.asObjectId().getValue().toHexString();
            default -> id.toString();
        };
    }

    /** Texts as ids are often names or addresses of people: they are shown by digest. */
    public static String of(BsonValue id) {
        String text = text(id);
        boolean personal = id.isString() || id.isDocument() || id.isBinary();
        String safe = personal
                ? "sha256:"
                        + Digests.sha256Hex(text.getBytes(StandardCharsets.UTF_8))
                                .substring(0, DIGEST_LENGTH)
                : text;
        return safe.length() > LENGTH_MAX ? safe.substring(0, LENGTH_MAX) + "…" : safe;
    }
}
