package io.firedrill.mongo;

import com.mongodb.client.ClientSession;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;

/**
 * Reads entries of a deployment's oplog, raw and in order, that a majority has and that can never be rolled back.
 *
 * @param from inclusive
 * @param to inclusive
 */
public record OplogScan(OpTime from, OpTime to) {
    private static final Namespace OPLOG = new Namespace("local", "oplog.rs");
    private static final BsonDocument MAJORITY = new BsonDocument("level", new BsonString("majority"));

    /** Hands every entry to the consumer. */
    public void read(Deployment deployment, DocumentConsumer consumer) {
        var span = new BsonDocument("$gte", from.timestamp()).append("$lte", to.timestamp());
        try (ClientSession session = deployment.cursorSession()) {
            RangeScan.follow(deployment, session, OPLOG, find(new BsonDocument("ts", span)), consumer);
        }
    }

    /**
     * The oldest entry of the transactions that end in this span: their parts may lie before it.
     *
     * @return empty where an entry is no longer there
     */
    public Optional<OpTime> oldestPart(Deployment deployment) {
        var span = new BsonDocument("$gte", from.timestamp()).append("$lte", to.timestamp());
        var chained = new BsonDocument("ts", span)
                .append("op", new BsonString("c"))
                .append("prevOpTime.ts", new BsonDocument("$gt", new BsonTimestamp()))
                .append("multiOpType", new BsonDocument("$ne", new BsonInt32(1)));
        var fields = new BsonDocument("prevOpTime", new BsonInt32(1)).append("_id", new BsonInt32(0));
        OpTime oldest = from;
        for (BsonValue entry : deployment.all("local", find(chained).append("projection", fields))) {
            Optional<OpTime> begin = beginOf(deployment, entry.asDocument(), from);
            if (begin.isEmpty()) {
                return Optional.empty();
            }
            oldest = begin.get().compareTo(oldest) < 0 ? begin.get() : oldest;
        }
        return Optional.of(oldest);
    }

    private static Optional<OpTime> beginOf(Deployment deployment, BsonDocument entry, OpTime known) {
        OpTime begin = known;
        BsonTimestamp previous = previous(entry);
        while (previous.getValue() != 0) {
            begin = OpTime.of(previous);
            var command = find(new BsonDocument("ts", previous)).append("limit", new BsonInt32(1));
            Optional<BsonValue> found =
                    deployment.all("local", command).stream().findFirst();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            previous = previous(found.get().asDocument());
        }
        return Optional.of(begin);
    }

    private static BsonTimestamp previous(BsonDocument entry) {
        return entry.containsKey("prevOpTime")
                ? entry.getDocument("prevOpTime").getTimestamp("ts")
                : new BsonTimestamp();
    }

    private static BsonDocument find(BsonDocument filter) {
        return new BsonDocument("find", new BsonString(OPLOG.collection()))
                .append("filter", filter)
                .append("readConcern", MAJORITY);
    }
}
