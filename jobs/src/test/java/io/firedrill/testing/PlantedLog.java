package io.firedrill.testing;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.OplogSpan;
import io.firedrill.archive.OplogSpan.Slice;
import io.firedrill.archive.SegmentStore;
import io.firedrill.archive.SegmentWriter;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.OplogLog;
import io.firedrill.storage.ObjectStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** A log of entries that no server of this version writes, or that do not fit what was before. */
public final class PlantedLog {
    private PlantedLog() {}

    /**
     * Stores entries, given as JSON and without a time.
     *
     * @param after each comes a second after the one before it, and the first after this
     */
    public static OplogLog of(ObjectStore store, OpTime after, List<String> entries) {
        SegmentStore slices = new BackupCatalog(store, "source").oplog(LoadedCopy.ID);
        var writer = new SegmentWriter();
        long seconds = after.seconds();
        for (String json : entries) {
            BsonDocument entry = BsonDocument.parse(json);
            entry.put("ts", new BsonTimestamp((int) ++seconds, 1));
            var raw = new RawBsonDocument(entry, new BsonDocumentCodec())
                    .getByteBuffer()
                    .asNIO();
            writer.add(raw.array(), raw.arrayOffset() + raw.position(), raw.remaining());
        }
        var last = new OpTime(seconds, 1);
        SegmentStore.Stored stored = slices.put(writer, Map.of());
        var slice = new Slice(
                new OpTime(after.seconds() + 1, 1),
                stored.segment(0, Optional.empty(), Optional.empty(), last, writer));
        return new OplogLog(slices, new OplogSpan(after, List.of(slice)));
    }
}
