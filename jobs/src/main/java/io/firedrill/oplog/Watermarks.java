package io.firedrill.oplog;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.WriteChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * How far each lane of a replay has come, told by the target itself: a lane's word is part of the transaction that it is
 * about, so that the two are true together, whatever is killed when. What no transaction takes is announced before it
 * begins; where it had begun and its end is not told, the replay cannot be gone on with.
 */
public final class Watermarks {
    /** How operations are dealt out to lanes, and counted; one that was begun otherwise cannot be gone on with. */
    private static final int SCHEME = 1;

    private static final String HEADER = "lanes";
    private static final String SENDERS = "senders";
    private static final String OUTSIDE = "outside";

    private final Deployment target;
    private final Namespace namespace;

    /**
     * @param namespace a collection of our own in the target
     */
    public Watermarks(Deployment target, Namespace namespace) {
        this.target = target;
        this.namespace = namespace;
    }

    /**
     * The last operation that is in the target.
     *
     * @param number of the operation among all that are handed to lanes
     */
    record Mark(long number, OpTime at) {
        static final Mark NONE = new Mark(0, new OpTime(0, 0));

        private BsonDocument toBson(String id) {
            return new BsonDocument("_id", new BsonString(id))
                    .append("number", new BsonInt64(number))
                    .append("at", at.timestamp());
        }

        private static Mark from(BsonDocument bson) {
            return new Mark(bson.getNumber("number").longValue(), OpTime.of(bson.getTimestamp("at")));
        }
    }

    /**
     * Where a replay goes on.
     *
     * @param lanes a mark for each
     * @param outside the mark of what no transaction takes
     */
    record Begun(List<Mark> lanes, Mark outside) {}

    /** Whether a replay that was cut off can be gone on with. */
    public boolean isResumable() {
        Map<String, BsonDocument> found = read();
        BsonDocument header = found.getOrDefault(HEADER, new BsonDocument());
        BsonDocument outside = found.getOrDefault(OUTSIDE, new BsonDocument());
        return header.getNumber("scheme", new BsonInt32(0)).intValue() == SCHEME
                && !outside.getBoolean("underWay", BsonBoolean.FALSE).getValue();
    }

    /** The marks of the attempt before, or those of a new one with so many lanes. */
    Begun begin(int laneCount) {
        endSenders();
        Map<String, BsonDocument> found = read();
        if (!found.containsKey(HEADER)) {
            put(new BsonDocument("_id", new BsonString(HEADER))
                    .append("scheme", new BsonInt32(SCHEME))
                    .append("count", new BsonInt32(laneCount)));
        } else if (!isResumable()) {
            throw new Failure(
                    FailureKind.TARGET_REFUSED,
                    "the replay into %s %s was cut off where it cannot be gone on with"
                            .formatted(target.role(), target.hosts()),
                    "Clean staging and restore again.");
        }
        int count =
                found.containsKey(HEADER) ? found.get(HEADER).getNumber("count").intValue() : laneCount;
        List<Mark> lanes = new ArrayList<>();
        for (int lane = 0; lane < count; lane++) {
            lanes.add(mark(found, nameOf(lane)));
        }
        return new Begun(lanes, mark(found, OUTSIDE));
    }

    /** Before the first transaction. */
    void write(List<BsonDocument> senders) {
        put(new BsonDocument("_id", new BsonString(SENDERS)).append("all", new BsonArray(senders)));
    }

    /** Those of the attempt before; only then does a mark stay what it is. */
    private void endSenders() {
        BsonDocument senders = read().get(SENDERS);
        if (senders != null) {
            WriteChannel.end(
                    target,
                    senders.getArray("all").stream().map(BsonValue::asDocument).toList());
        }
    }

    private static Mark mark(Map<String, BsonDocument> found, String name) {
        return Optional.ofNullable(found.get(name)).map(Mark::from).orElse(Mark.NONE);
    }

    /** Within the transaction that brought a lane so far. */
    void write(WriteChannel channel, int lane, Mark mark) {
        channel.put(namespace, mark.toBson(nameOf(lane)));
    }

    /** Before something that no transaction takes. */
    void begins(Mark done) {
        put(done.toBson(OUTSIDE).append("underWay", BsonBoolean.TRUE));
    }

    void ended(Mark done) {
        put(done.toBson(OUTSIDE).append("underWay", BsonBoolean.FALSE));
    }

    private static String nameOf(int lane) {
        return "lane-" + lane;
    }

    private void put(BsonDocument document) {
        WriteChannel.direct(target).put(namespace, document);
    }

    private Map<String, BsonDocument> read() {
        Map<String, BsonDocument> found = new HashMap<>();
        for (BsonValue value :
                target.all(namespace.database(), new BsonDocument("find", new BsonString(namespace.collection())))) {
            found.put(value.asDocument().getString("_id").getValue(), value.asDocument());
        }
        return found;
    }
}
