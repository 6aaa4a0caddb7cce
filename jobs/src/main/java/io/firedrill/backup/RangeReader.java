package io.firedrill.backup;

import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.Segment;
import io.firedrill.mongo.DocumentConsumer;
import io.firedrill.mongo.OpTime;
import java.util.List;
import java.util.Optional;
import org.bson.BsonArray;

/** Where the documents of a plan are read. Safe for use by many threads. */
public sealed interface RangeReader permits SourceReader, CopyReader {
    /** Reads a range at one moment, whole, and gives what was cut of it; what was cut of a reading that failed counts for nothing. */
    List<Segment> read(BackupPlan plan, Range range, Cutting cutting);

    /**
     * The documents of a range that have one of some {@code _id}s at the plan's own moment; empty where only another moment can be
     * read. A failure of the reading is for {@link #read} to make sense of.
     */
    Optional<Scan> lookUp(BackupPlan plan, Range range, BsonArray ids);

    /** Cuts what a scan hands over into segments. */
    @FunctionalInterface
    interface Cutting {
        List<Segment> cut(OpTime at, Scan scan);
    }

    /** Hands over documents, in their order. */
    @FunctionalInterface
    interface Scan {
        void read(DocumentConsumer consumer);
    }
}
