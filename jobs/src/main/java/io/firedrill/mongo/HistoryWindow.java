package io.firedrill.mongo;

import java.time.Duration;
import org.bson.BsonDocument;
import org.bson.BsonInt32;

/** For how long a member can still show what it held. */
public final class HistoryWindow {
    private static final String PARAMETER = "minSnapshotHistoryWindowInSeconds";

    private HistoryWindow() {}

    public static Duration of(Deployment member) {
        var command = new BsonDocument("getParameter", new BsonInt32(1)).append(PARAMETER, new BsonInt32(1));
        return Duration.ofSeconds(
                member.run("admin", command).getNumber(PARAMETER).longValue());
    }
}
