package io.firedrill.archive;

import java.nio.charset.StandardCharsets;
import org.bson.BsonValue;

/** How messages name a document: by an {@code _id} that tells nothing of a person. */
public final class RedactedId {
    private static final int LENGTH_MAX = 60;
    private static final int DIGEST_LENGTH = 16;

    private RedactedId() {}

    /** Texts as ids are often names or addresses of people: they are shown by digest. */
    public static String of(BsonValue id) {
        String text = id.toString();
        boolean personal = id.isString() || id.isDocument() || id.isBinary();
        String safe = personal
                ? "sha256:"
                        + Digests.sha256Hex(text.getBytes(StandardCharsets.UTF_8))
                                .substring(0, DIGEST_LENGTH)
                : text;
        return safe.length() > LENGTH_MAX ? safe.substring(0, LENGTH_MAX) + "…" : safe;
    }
}
