package io.firedrill.mongo;

import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;

/**
 * How busy one mongod is, by its own {@code serverStatus}. Counters grow from the server's start on: two of these make a
 * rate.
 *
 * @param writes operations that wrote, of everybody, since the start
 * @param writeMicros their time together, waiting for the write concern included, in microseconds
 * @param cacheDirty share of the cache that is not on disk yet, 0 to 1; above 0.2 the server makes its clients write it
 * @param readTickets share of the read tickets that are free, 0 to 1; 1 where the server does not tell
 */
public record ServerLoad(long writes, long writeMicros, double cacheDirty, double readTickets) {
    private static final String[] SECTIONS_NOT_NEEDED = {
        "metrics", "locks", "repl", "tcmalloc", "transactions", "logicalSessionRecordCache", "asserts", "flowControl"
    };

    /** Asks a server; needs the action {@code serverStatus}. */
    public static ServerLoad of(Deployment deployment) {
        var command = new BsonDocument("serverStatus", new BsonInt32(1));
        for (String section : SECTIONS_NOT_NEEDED) {
            command.append(section, BsonBoolean.FALSE);
        }
        return from(deployment.run("admin", command));
    }

    static ServerLoad from(BsonDocument status) {
        BsonDocument latencies = section(section(status, "opLatencies"), "writes");
        BsonDocument engine = section(status, "wiredTiger");
        BsonDocument cache = section(engine, "cache");
        return new ServerLoad(
                number(latencies, "ops"),
                number(latencies, "latency"),
                share(number(cache, "tracked dirty bytes in the cache"), number(cache, "maximum bytes configured"), 0),
                readTickets(status, engine));
    }

    /** Below version 7.0 the storage engine tells, from then on the queues do. */
    private static double readTickets(BsonDocument status, BsonDocument engine) {
        BsonDocument queues = section(section(section(status, "queues"), "execution"), "read");
        BsonDocument tickets = queues.isEmpty() ? section(section(engine, "concurrentTransactions"), "read") : queues;
        return share(number(tickets, "available"), number(tickets, "totalTickets"), 1);
    }

    private static double share(long part, long whole, double unknown) {
        return whole == 0 ? unknown : (double) part / whole;
    }

    private static BsonDocument section(BsonDocument document, String name) {
        return document.isDocument(name) ? document.getDocument(name) : new BsonDocument();
    }

    private static long number(BsonDocument document, String name) {
        return document.isNumber(name) ? document.getNumber(name).longValue() : 0;
    }
}
