package io.firedrill.mongo;

import io.firedrill.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * One mongod or mongos as it answers by itself, whether or not its set has a primary.
 *
 * @param set its replica set's name; empty where it is in none
 * @param known the data-bearing members of its set, itself among them, as it tells
 * @param lastWrite the second of the last entry of its oplog; 0 where it has none
 * @param ahead how far its clock is ahead of ours, known to {@code within}
 * @param failure why it did not answer; then nothing else is known of it
 */
public record Member(
        String host,
        Standing standing,
        String set,
        List<String> known,
        long lastWrite,
        Duration ahead,
        Duration within,
        Optional<Failure> failure) {

    /** What it is just now. */
    public enum Standing {
        PRIMARY,
        SECONDARY,
        /** In a set, and neither: it is starting, recovering, or was taken out. */
        OTHER,
        STANDALONE,
        MONGOS,
        SILENT
    }

    /** Asks each by itself, several at a time. */
    public static List<Member> look(String uri, String role, List<String> hosts, InstantSource clock) {
        return Requests.all(hosts, host -> look(uri, role, host, clock));
    }

    private static Member look(String uri, String role, String host, InstantSource clock) {
        try (Deployment deployment = Deployments.connectToMember(uri, role, host)) {
            // Once before the clocks are compared: the first answer takes a connection and a login.
            hello(deployment);
            Instant before = clock.instant();
            BsonDocument hello = hello(deployment);
            return of(host, hello, before, clock.instant());
        } catch (Failure failure) {
            return new Member(
                    host, Standing.SILENT, "", List.of(), 0, Duration.ZERO, Duration.ZERO, Optional.of(failure));
        }
    }

    private static BsonDocument hello(Deployment deployment) {
        return deployment.run("admin", new BsonDocument("hello", new BsonInt32(1)));
    }

    /** The server read its clock at some time in between. */
    static Member of(String host, BsonDocument hello, Instant before, Instant after) {
        Duration half = Duration.between(before, after).dividedBy(2);
        Instant ours = before.plus(half);
        Instant theirs = hello.isDateTime("localTime")
                ? Instant.ofEpochMilli(hello.getDateTime("localTime").getValue())
                : ours;
        long lastWrite = hello.isDocument("lastWrite")
                ? OpTime.of(hello.getDocument("lastWrite").getDocument("opTime").getTimestamp("ts"))
                        .seconds()
                : 0;
        return new Member(
                host,
                standing(hello),
                hello.getString("setName", new BsonString("")).getValue(),
                Stream.of("hosts", "passives")
                        .flatMap(name -> hello.getArray(name, new BsonArray()).stream())
                        .map(BsonValue::asString)
                        .map(BsonString::getValue)
                        .toList(),
                lastWrite,
                Duration.between(ours, theirs),
                half,
                Optional.empty());
    }

    private static Standing standing(BsonDocument hello) {
        if (hello.getString("msg", new BsonString("")).getValue().equals("isdbgrid")) {
            return Standing.MONGOS;
        }
        if (!hello.containsKey("setName") && !hello.containsKey("isreplicaset")) {
            return Standing.STANDALONE;
        }
        if (hello.getBoolean("isWritablePrimary", BsonBoolean.FALSE).getValue()) {
            return Standing.PRIMARY;
        }
        return hello.getBoolean("secondary", BsonBoolean.FALSE).getValue() ? Standing.SECONDARY : Standing.OTHER;
    }
}
