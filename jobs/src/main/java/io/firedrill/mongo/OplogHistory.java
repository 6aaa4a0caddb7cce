package io.firedrill.mongo;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;

/**
 * What a replica set's oplog holds, asked of its primary. One that a majority has just confirmed knows of everything that a
 * majority ever had; another might be deposed, and not know it.
 *
 * @param fence just written, with majority: nothing is answered before the primary knows it to be durable
 */
public record OplogHistory(Deployment source, OpTime fence) {
    private static final BsonInt32 OLDEST_FIRST = new BsonInt32(1);
    private static final BsonInt32 NEWEST_FIRST = new BsonInt32(-1);

    /** The very first entry of a set was written before there was a primary. */
    private static final BsonInt64 NO_TERM = new BsonInt64(-1);

    /** Sessions, and transactions that were retried, are noted in a database that is nobody's data. */
    private static final BsonDocument WRITES =
            BsonDocument.parse("{op: {$ne: 'n'}, $nor: [{ns: {$regex: '^config[.]'}, op: {$in: ['i', 'u', 'd']}}]}");

    private static final BsonArray ACTIVE =
            new BsonArray(List.of(new BsonString("prepared"), new BsonString("inProgress")));

    /** After a fence of its own. */
    public static OplogHistory of(Deployment source) {
        return new OplogHistory(source, source.fence("oplog history"));
    }

    /** As the primary knows it by itself, with nothing written: for somebody who only looks. */
    public static OplogHistory unfenced(Deployment source) {
        var ping = new BsonDocument("ping", new BsonInt32(1));
        return new OplogHistory(source, OpTime.of(source.run("admin", ping).getTimestamp("operationTime")));
    }

    /** How long nobody could read it, and every entry still be there: what it spans, or will once it is full. */
    public Duration window() {
        BsonDocument stats = source.run("local", new BsonDocument("collStats", new BsonString("oplog.rs")));
        double bytes = stats.getNumber("size").doubleValue();
        double free = Math.max(1, stats.getNumber("maxSize").doubleValue() / Math.max(1, bytes));
        Duration span = Duration.between(first().at().instant(), last().at().instant());
        return Duration.ofSeconds((long) (span.toSeconds() * free));
    }

    /** The oldest entry that is left. */
    public OplogPosition first() {
        return one(new BsonDocument(), OLDEST_FIRST).orElseThrow();
    }

    /** The newest entry that a majority has. */
    public OplogPosition last() {
        return one(new BsonDocument(), NEWEST_FIRST).orElseThrow();
    }

    /**
     * Whether nothing was written after a moment, from its entry to the fence, but no-ops and what the server notes for itself.
     * Where the entry is not there any more nobody can tell, and the answer is no.
     */
    public boolean isQuietSince(OpTime moment) {
        // The search first: what it did not find was there to be found if the entry before it all still is.
        return new OplogSearch(source).first(moment, fence, WRITES).isEmpty()
                && at(moment).isPresent();
    }

    /** Whether this very entry is there: the same time in another term is another. */
    public boolean holds(OplogPosition entry) {
        return at(entry.at()).filter(entry::equals).isPresent();
    }

    /**
     * The entry from which on an oplog has to be archived, so that no transaction is cut that was active at the fence: the
     * beginning of the oldest of them, or the fence itself.
     */
    public OplogPosition begin() {
        return at(oldestActive()).orElseThrow(this::tooShort);
    }

    /**
     * The server keeps a table of the transactions that it has entries of, which can only be read as it is now: a snapshot and
     * a majority read are refused. One that ends between the fence and the look at the table is not in it, but has an end in
     * the oplog that names its beginning.
     */
    private OpTime oldestActive() {
        var find = new BsonDocument("find", new BsonString("transactions"))
                .append("filter", new BsonDocument("state", new BsonDocument("$in", ACTIVE)))
                .append("projection", new BsonDocument("startOpTime", new BsonInt32(1)));
        Stream<OpTime> open = source.all("config", find).stream()
                .map(found -> found.asDocument().getDocument("startOpTime"))
                .map(start -> OpTime.of(start.getTimestamp("ts")));
        OpTime ended = new OplogScan(fence, source.fence("oldest transaction"))
                .oldestPart(source)
                .orElseThrow(this::tooShort);
        return Stream.concat(Stream.of(fence, ended), open)
                .min(OpTime::compareTo)
                .orElseThrow();
    }

    private Failure tooShort() {
        return new Failure(
                FailureKind.SOURCE_UNSUITABLE,
                "the oplog of %s %s does not reach back to the beginning of a transaction that is active"
                        .formatted(source.role(), source.hosts()),
                "Make the oplog larger (replSetResizeOplog), and begin again.");
    }

    private Optional<OplogPosition> at(OpTime time) {
        return one(new BsonDocument("ts", time.timestamp()), OLDEST_FIRST);
    }

    private Optional<OplogPosition> one(BsonDocument filter, BsonInt32 order) {
        var command = new BsonDocument("find", new BsonString("oplog.rs"))
                .append("filter", filter)
                .append("sort", new BsonDocument("$natural", order))
                .append("projection", new BsonDocument("ts", OLDEST_FIRST).append("t", OLDEST_FIRST))
                .append("limit", new BsonInt32(1))
                .append("singleBatch", BsonBoolean.TRUE)
                .append("readConcern", durable());
        return source.all("local", command).stream().findFirst().map(OplogHistory::position);
    }

    private BsonDocument durable() {
        return new BsonDocument("level", new BsonString("majority")).append("afterClusterTime", fence.timestamp());
    }

    private static OplogPosition position(BsonValue found) {
        BsonDocument entry = found.asDocument();
        BsonTimestamp time = entry.getTimestamp("ts");
        return new OplogPosition(OpTime.of(time), entry.getInt64("t", NO_TERM).getValue());
    }
}
