package io.firedrill.oplog;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.Reign;
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
import org.jspecify.annotations.Nullable;

/**
 * How far each lane of a replay has come, told by the target itself: a lane's word is part of the transaction that it is
 * about, so that the two are true together, whatever is killed when. What no transaction takes is announced before it
 * begins; where it had begun and its end is not told, the replay cannot be gone on with.
 *
 * <p>Windows are confirmed by the primary alone, and another may be elected that has not got them. So each word names the one
 * before, which must be there, and at the end the last of each lane is confirmed by a majority: what stands upon nothing is
 * found, and the copy is not gone on with.
 */
public final class Watermarks {
    /** How operations are dealt out to lanes, and counted; one that was begun otherwise cannot be gone on with. */
    private static final int SCHEME = 1;

    private static final String HEADER = "lanes";
    private static final String SENDERS = "senders";
    private static final String OUTSIDE = "outside";
    private static final String LOST = "lost";
    private static final String NUMBER = "number";
    private static final String UNDER_WAY = "underWay";

    private final Deployment target;
    private final Namespace namespace;
    private @Nullable Reign begun;

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
                    .append(NUMBER, new BsonInt64(number))
                    .append("at", at.timestamp());
        }

        private static Mark from(BsonDocument bson) {
            return new Mark(bson.getNumber(NUMBER).longValue(), OpTime.of(bson.getTimestamp("at")));
        }
    }

    /**
     * Where a replay goes on.
     *
     * @param lanes a mark for each
     * @param outside the mark of what no transaction takes
     */
    record Begun(List<Mark> lanes, Mark outside) {}

    /** Something that no transaction takes, between its beginning and its end. */
    record Section(Mark before, Reign reign) {}

    /** Whether a replay that was cut off can be gone on with; never where no transactions are, since no mark is part of one. */
    public boolean isResumable() {
        Map<String, BsonDocument> found = read();
        BsonDocument header = found.getOrDefault(HEADER, new BsonDocument());
        BsonDocument outside = found.getOrDefault(OUTSIDE, new BsonDocument());
        return header.getNumber("scheme", new BsonInt32(0)).intValue() == SCHEME
                && !outside.getBoolean(UNDER_WAY, BsonBoolean.FALSE).getValue()
                && !found.containsKey(LOST)
                && Reign.of(target).primary().isPresent();
    }

    /** The marks of the attempt before, or those of a new one with so many lanes. */
    Begun begin(int laneCount) {
        endSenders();
        begun = Reign.of(target);
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

    /**
     * Within the transaction that brought a lane so far, or after the window where there is none.
     *
     * @param before how far it had come, as the target confirmed it
     */
    void write(WriteChannel channel, int lane, Mark before, Mark mark) {
        BsonDocument there = numbered(nameOf(lane), before);
        if (!channel.replace(namespace, there, mark.toBson(nameOf(lane)), before.number() == 0)) {
            throw lost("window " + before.number() + " of lane " + lane);
        }
    }

    /** Before something that no transaction takes. */
    Section begins(Mark done) {
        BsonDocument there = numbered(OUTSIDE, done);
        boolean first = done.number() == 0;
        if (!first) {
            there.append(UNDER_WAY, BsonBoolean.FALSE);
        }
        put(there, done.toBson(OUTSIDE).append(UNDER_WAY, BsonBoolean.TRUE), first);
        return new Section(done, Reign.of(target));
    }

    /** After it. What one server did from the one mark to the other is as durable as the other. */
    void ended(Section section, Mark done) {
        BsonDocument there = numbered(OUTSIDE, section.before()).append(UNDER_WAY, BsonBoolean.TRUE);
        if (!section.reign().equals(Reign.of(target))) {
            throw lost("a change of a collection, or a write into a capped one");
        }
        put(there, done.toBson(OUTSIDE).append(UNDER_WAY, BsonBoolean.FALSE), false);
        if (!section.reign().equals(Reign.of(target))) {
            throw lost("a change of a collection, or a write into a capped one");
        }
    }

    private void put(BsonDocument there, BsonDocument document, boolean first) {
        var statement = new BsonDocument("q", there).append("u", document).append("upsert", BsonBoolean.valueOf(first));
        if (WriteChannel.durably(target, namespace, List.of(statement)) != 1) {
            throw lost("the mark of what no transaction takes");
        }
    }

    /** At the end: every lane's last mark stands upon all of its marks, and is durable when this has answered. */
    void require(List<Mark> lanes, Mark outside) {
        List<BsonDocument> statements = new ArrayList<>();
        for (int lane = 0; lane < lanes.size(); lane++) {
            if (lanes.get(lane).number() > 0) {
                statements.add(confirming(numbered(nameOf(lane), lanes.get(lane))));
            }
        }
        if (outside.number() > 0) {
            statements.add(confirming(numbered(OUTSIDE, outside).append(UNDER_WAY, BsonBoolean.FALSE)));
        }
        if (statements.isEmpty()) {
            return;
        }
        if (begun != null && begun.primary().isEmpty() && !begun.equals(Reign.of(target))) {
            throw lost("what a standalone held before it was restarted");
        }
        int there = WriteChannel.durably(target, namespace, statements);
        if (there != statements.size()) {
            throw lost("the last window of %d of %d lanes".formatted(statements.size() - there, statements.size()));
        }
    }

    private static BsonDocument confirming(BsonDocument there) {
        return new BsonDocument("q", there)
                .append("u", new BsonDocument("$set", new BsonDocument("durable", BsonBoolean.TRUE)));
    }

    private static BsonDocument numbered(String name, Mark mark) {
        return new BsonDocument("_id", new BsonString(name)).append(NUMBER, new BsonInt64(mark.number()));
    }

    /** Nobody goes on with this copy: the next attempt begins with nothing. */
    private Failure lost(String what) {
        var failure = new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                "%s %s has lost writes that it had confirmed: %s is not there any more"
                        .formatted(target.role(), target.hosts(), what),
                "Another primary was elected, or the server was restarted, during the replay: see why in its log. Nothing of this copy is proven. Run it again: it starts over.");
        try {
            put(new BsonDocument("_id", new BsonString(LOST)));
        } catch (Failure notNoted) {
            failure.addSuppressed(notNoted);
        }
        return failure;
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
