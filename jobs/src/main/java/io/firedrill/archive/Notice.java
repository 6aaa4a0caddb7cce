package io.firedrill.archive;

import java.time.Instant;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * What somebody said about a backup: that it is held, or marked for deletion; or that this is over.
 *
 * @param stands false takes back what was said before
 * @param by who is answerable
 */
public record Notice(boolean stands, Instant at, String by, String reason) {
    BsonDocument toBson() {
        return new BsonDocument("stands", BsonBoolean.valueOf(stands))
                .append("at", new BsonDateTime(at.toEpochMilli()))
                .append("by", new BsonString(by))
                .append("reason", new BsonString(reason));
    }

    static Notice from(BsonDocument bson) {
        return new Notice(
                bson.getBoolean("stands").getValue(),
                Instant.ofEpochMilli(bson.getDateTime("at").getValue()),
                bson.getString("by").getValue(),
                bson.getString("reason").getValue());
    }
}
