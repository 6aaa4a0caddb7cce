package com.acme.bad;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.UpdateOptions;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** Trap: Mongock demands a rollback, so there is one that does nothing. */
@ChangeUnit(id = "empty-rollback", order = "101", author = "ada", transactional = false)
public class EmptyRollback {
    @Execution
    public void execute(MongoDatabase database) {
        database.getCollection("flags").updateOne(new Document("_id", "a"),
                new Document("$set", new Document("on", true)), new UpdateOptions().upsert(true));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        // Somebody will need it.
    }
}
