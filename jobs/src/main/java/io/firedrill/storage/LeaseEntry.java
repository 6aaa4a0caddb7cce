package io.firedrill.storage;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;
import org.bson.json.JsonMode;
import org.bson.json.JsonParseException;
import org.bson.json.JsonWriterSettings;

/**
 * One entry in the log of a lease: taken or renewed until some time, or released.
 *
 * @param fence the number of the entry by which the lease was acquired
 * @param token random, so that no two acquisitions ever write equal bytes
 */
record LeaseEntry(State state, Holder holder, long fence, String token, Instant expiresAt) {
    private static final int FORMAT = 1;
    private static final JsonWriterSettings JSON = JsonWriterSettings.builder()
            .outputMode(JsonMode.RELAXED)
            .indent(true)
            .build();

    enum State {
        HELD,
        RELEASED
    }

    boolean isOf(LeaseEntry acquisition) {
        return fence == acquisition.fence && token.equals(acquisition.token);
    }

    LeaseEntry until(Instant later) {
        return new LeaseEntry(State.HELD, holder, fence, token, later);
    }

    LeaseEntry released(Instant now) {
        return new LeaseEntry(State.RELEASED, holder, fence, token, now);
    }

    byte[] toJson() {
        var document = new BsonDocument("format", new BsonInt32(FORMAT))
                .append("state", new BsonString(state.name()))
                .append("runId", new BsonString(holder.runId()))
                .append("host", new BsonString(holder.host()))
                .append("processId", new BsonString(holder.processId()))
                .append("command", new BsonString(holder.command()))
                .append("since", new BsonString(holder.since().toString()))
                .append("fence", new BsonInt64(fence))
                .append("token", new BsonString(token))
                .append("expiresAt", new BsonString(expiresAt.toString()));
        return document.toJson(JSON).getBytes(StandardCharsets.UTF_8);
    }

    static LeaseEntry ofJson(ObjectKey key, byte[] json) {
        try {
            var document = BsonDocument.parse(new String(json, StandardCharsets.UTF_8));
            int format = document.getNumber("format").intValue();
            if (format > FORMAT) {
                throw tooNew(key, format);
            }
            return of(document);
        } catch (JsonParseException | BsonInvalidOperationException | IllegalArgumentException | DateTimeException e) {
            throw new Failure(
                    FailureKind.BACKUP_DAMAGED,
                    "lease entry '%s' cannot be read".formatted(key),
                    "Make sure that no run is under way, then delete the entry.",
                    e);
        }
    }

    private static LeaseEntry of(BsonDocument document) {
        var holder = new Holder(
                text(document, "runId"),
                text(document, "host"),
                text(document, "processId"),
                text(document, "command"),
                Instant.parse(text(document, "since")));
        return new LeaseEntry(
                State.valueOf(text(document, "state")),
                holder,
                document.getNumber("fence").longValue(),
                text(document, "token"),
                Instant.parse(text(document, "expiresAt")));
    }

    private static String text(BsonDocument document, String name) {
        return document.getString(name).getValue();
    }

    private static Failure tooNew(ObjectKey key, int format) {
        return new Failure(
                FailureKind.FORMAT_TOO_NEW,
                "lease entry '%s' has format %d, and this firedrill knows %d".formatted(key, format, FORMAT),
                "Use the version of Firedrill that the other runs of this store use.");
    }
}
