package com.acme.good;

import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** A field that no document had before. */
@ChangeUnit(id = "mark-version", order = "002", author = "ada", transactional = false)
public class MarkVersion {
    @Execution
    public void execute(MongoDatabase database) {
        database.getCollection("customers").updateMany(new Document("v", null), new Document("$set", new Document("v", 2)));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("customers").updateMany(new Document(), new Document("$unset", new Document("v", "")));
    }
}
