package io.firedrill.oplog;

import io.firedrill.archive.Digests;
import io.firedrill.mongo.Namespace;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** Tells apart the documents that were written, as many as fit into bounded memory. */
final class TouchedIds {
    /** Of all collections together; about a hundred bytes each. */
    private static final int REMEMBERED_MAX = 500_000;

    private static final BsonDocumentCodec CODEC = new BsonDocumentCodec();

    private final MessageDigest digest = Digests.sha256();
    private final Map<Namespace, Set<UUID>> seen = new HashMap<>();
    private final Set<Namespace> cut = new HashSet<>();
    private final int max;
    private int remembered;

    TouchedIds() {
        this(REMEMBERED_MAX);
    }

    TouchedIds(int max) {
        this.max = max;
    }

    /** Whether it was not seen before; what there is no room for counts as seen. */
    boolean isNew(Namespace namespace, BsonValue id) {
        Set<UUID> known = seen.computeIfAbsent(namespace, none -> new HashSet<>());
        UUID key = key(id);
        if (known.contains(key)) {
            return false;
        }
        if (remembered == max) {
            cut.add(namespace);
            return false;
        }
        remembered++;
        return known.add(key);
    }

    /** Whether every document was told apart. */
    boolean isWhole(Namespace namespace) {
        return !cut.contains(namespace);
    }

    /** By half a digest: an id may be long, or somebody's name. */
    private UUID key(BsonValue id) {
        ByteBuffer bytes = new RawBsonDocument(new BsonDocument("", CanonicalId.of(id)), CODEC)
                .getByteBuffer()
                .asNIO();
        digest.update(bytes);
        ByteBuffer key = ByteBuffer.wrap(digest.digest());
        return new UUID(key.getLong(), key.getLong());
    }
}
