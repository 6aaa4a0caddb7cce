package com.acme.legacy;

import com.github.cloudyrock.mongock.ChangeLog;
import com.github.cloudyrock.mongock.ChangeSet;
import com.mongodb.client.MongoDatabase;
import org.bson.Document;

@ChangeLog(order = "000")
public class OldChanges {
    @ChangeSet(id = "old-second", order = "02", author = "old")
    public void second(MongoDatabase database) {
        database.getCollection("old").insertOne(new Document("_id", 2));
    }

    @ChangeSet(id = "old-first", order = "01", author = "old")
    public void first(MongoDatabase database) {
        database.getCollection("old").insertOne(new Document("_id", 1));
    }
}
