package io.firedrill.archive;

import io.firedrill.mongo.OpTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;

/**
 * The last write of a backup: it names plan and parts by digest, so that the backup is exactly these bytes or none. A
 * backup without its manifest does not exist.
 *
 * @param consistencyPoint the cluster time at which the restored data stood in the source
 * @param oplog what has to be replayed to get there, where not all was read at that very time
 * @param keys the ids of the data keys that its segments are encrypted with; none where it is not encrypted
 * @param synthetic how it was made, if not by reading the source
 */
public record Manifest(
        BackupId id,
        String source,
        OpTime consistencyPoint,
        Instant createdAt,
        Instant sealedAt,
        String planSha256,
        List<PartRef> parts,
        Totals totals,
        Optional<OplogSpan> oplog,
        List<String> keys,
        Optional<Synthetic> synthetic) {

    static final String OPLOG = "oplog";

    /** A part, and the digest of its bytes. */
    public record PartRef(String unit, String sha256) {}

    /**
     * Sums over the parts.
     *
     * @param bytesStored of all segments, those reused from earlier backups too
     * @param bytesUploaded of the segments that no earlier backup had stored
     */
    public record Totals(
            int collections,
            long documents,
            long bytesRaw,
            long bytesStored,
            long bytesUploaded,
            long segments,
            long segmentsReused) {}

    public Manifest {
        parts = List.copyOf(parts);
        keys = List.copyOf(keys);
    }

    BsonDocument toBson() {
        var refs = parts.stream()
                .map(part -> new BsonDocument("unit", new BsonString(part.unit))
                        .append("sha256", new BsonString(part.sha256)))
                .toList();
        var bson = new BsonDocument("id", new BsonString(id.value()));
        if (!keys.isEmpty()) {
            bson.append("keys", new BsonArray(keys.stream().map(BsonString::new).toList()));
        }
        bson.append("source", new BsonString(source))
                .append("consistencyPoint", consistencyPoint.timestamp())
                .append("createdAt", new BsonDateTime(createdAt.toEpochMilli()))
                .append("sealedAt", new BsonDateTime(sealedAt.toEpochMilli()))
                .append("planSha256", new BsonString(planSha256))
                .append("parts", new BsonArray(refs))
                .append("collections", new BsonInt32(totals.collections))
                .append("documents", new BsonInt64(totals.documents))
                .append("bytesRaw", new BsonInt64(totals.bytesRaw))
                .append("bytesStored", new BsonInt64(totals.bytesStored))
                .append("bytesUploaded", new BsonInt64(totals.bytesUploaded))
                .append("segments", new BsonInt64(totals.segments))
                .append("segmentsReused", new BsonInt64(totals.segmentsReused));
        oplog.ifPresent(span -> bson.append(OPLOG, span.toBson()));
        synthetic.ifPresent(how -> bson.append(Synthetic.FIELD, how.toBson()));
        return bson;
    }

    static Manifest from(BsonDocument bson) {
        return new Manifest(
                new BackupId(bson.getString("id").getValue()),
                bson.getString("source").getValue(),
                OpTime.of(bson.getTimestamp("consistencyPoint")),
                Instant.ofEpochMilli(bson.getDateTime("createdAt").getValue()),
                Instant.ofEpochMilli(bson.getDateTime("sealedAt").getValue()),
                bson.getString("planSha256").getValue(),
                bson.getArray("parts").stream()
                        .map(value -> new PartRef(
                                value.asDocument().getString("unit").getValue(),
                                value.asDocument().getString("sha256").getValue()))
                        .toList(),
                new Totals(
                        bson.getInt32("collections").getValue(),
                        bson.getInt64("documents").getValue(),
                        bson.getInt64("bytesRaw").getValue(),
                        bson.getInt64("bytesStored").getValue(),
                        bson.getInt64("bytesUploaded").getValue(),
                        bson.getInt64("segments").getValue(),
                        bson.getInt64("segmentsReused").getValue()),
                bson.containsKey(OPLOG) ? Optional.of(OplogSpan.from(bson.getDocument(OPLOG))) : Optional.empty(),
                bson.getArray("keys", new BsonArray()).stream()
                        .map(value -> DataKey.checkedId(value.asString().getValue()))
                        .toList(),
                BackupPlan.synthetic(bson));
    }
}
