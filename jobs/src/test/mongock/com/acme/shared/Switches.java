package com.acme.shared;

import com.mongodb.client.MongoDatabase;
import org.bson.Document;

/** Makes a change fail where a test has said so in the database. */
public final class Switches {
    private Switches() {}

    public static void failIf(MongoDatabase database, String what) {
        if (database.getCollection("switches").find(new Document("_id", what)).first() != null) {
            throw new IllegalStateException("told to fail: " + what);
        }
    }
}
