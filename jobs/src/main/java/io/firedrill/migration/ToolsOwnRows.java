package io.firedrill.migration;

import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;

/**
 * The rows that a tool itself wrote in the course of running a change. Before Mongock takes the lock under which it runs a change it
 * gives its own rows what they lack, and takes over those of the tool that was used before it. The server's oplog tells these from
 * all that came under that lock: whatever a row calls itself, from then on it is the change's doing.
 */
final class ToolsOwnRows {
    private final Deployment deployment;
    private final Namespace changelog;
    private final Set<Namespace> locks;

    ToolsOwnRows(Deployment deployment, String database, Bookkeeping books) {
        this.deployment = deployment;
        this.changelog = new Namespace(database, books.changelog());
        this.locks = books.collections().stream()
                .filter(collection -> books.preparesItsRows() && !collection.equals(books.changelog()))
                .map(collection -> new Namespace(database, collection))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * @param after exclusive, before the tool was started
     * @return the ids of rows that were written before the lock was taken for the last time, and not since
     */
    Set<BsonValue> between(OpTime after, OpTime until) {
        Optional<BsonTimestamp> locked = lockTaken(after, until);
        if (locked.isEmpty()) {
            return Set.of();
        }
        Set<BsonValue> before = new HashSet<>();
        Set<BsonValue> since = new HashSet<>();
        for (BsonValue each : deployment.all("local", aggregate(writes(span(after, until))))) {
            BsonDocument write = each.asDocument();
            boolean early = write.getTimestamp("ts").compareTo(locked.get()) < 0;
            (early ? before : since).add(write.get("id"));
        }
        before.removeAll(since);
        return before;
    }

    /** A lock that is free has no row, so whoever takes it inserts one; to hold it longer is an update. */
    private Optional<BsonTimestamp> lockTaken(OpTime after, OpTime until) {
        var names = new BsonArray(
                locks.stream().map(each -> new BsonString(each.toString())).toList());
        var taken = new BsonDocument("ts", span(after, until))
                .append("op", new BsonString("i"))
                .append("ns", new BsonDocument("$in", names));
        var newest =
                new BsonDocument("_id", new BsonInt32(1)).append("ts", new BsonDocument("$max", new BsonString("$ts")));
        List<BsonDocument> stages = List.of(new BsonDocument("$match", taken), new BsonDocument("$group", newest));
        return deployment.all("local", aggregate(stages)).stream()
                .map(each -> each.asDocument().getTimestamp("ts"))
                .findFirst();
    }

    /** When each write to the change log was, and the id of its row; those of a transaction when that was committed. */
    private List<BsonDocument> writes(BsonDocument span) {
        var name = new BsonString(changelog.toString());
        var written = new BsonDocument("ts", span)
                .append(
                        "$or",
                        new BsonArray(List.of(
                                new BsonDocument("ns", name).append("op", new BsonDocument("$ne", new BsonString("n"))),
                                new BsonDocument("o.applyOps.ns", name))));
        return List.of(
                new BsonDocument("$match", written),
                BsonDocument.parse("""
                        {$project: {ts: 1, each: {$cond: [{$eq: ['$op', 'c']}, '$o.applyOps', [{op: '$op', ns: '$ns', o: '$o', o2: '$o2'}]]}}}
                        """),
                BsonDocument.parse("{$unwind: '$each'}"),
                new BsonDocument("$match", new BsonDocument("each.ns", name)),
                BsonDocument.parse(
                        "{$project: {ts: 1, id: {$cond: [{$eq: ['$each.op', 'u']}, '$each.o2._id', '$each.o._id']}}}"));
    }

    private static BsonDocument span(OpTime after, OpTime until) {
        return new BsonDocument("$gt", after.timestamp()).append("$lte", until.timestamp());
    }

    private static BsonDocument aggregate(List<BsonDocument> stages) {
        return new BsonDocument("aggregate", new BsonString("oplog.rs"))
                .append("pipeline", new BsonArray(stages))
                .append("cursor", new BsonDocument());
    }
}
