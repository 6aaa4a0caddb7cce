package com.acme.swallowed;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** Trap: failFast = false in a transaction commits half of it, and Mongock ends with 0. */
@ChangeUnit(id = "swallowed", order = "201", author = "ada", failFast = false)
public class Swallowed {
    @Execution
    public void execute(MongoDatabase database, ClientSession session) {
        database.getCollection("half").insertOne(session, new Document("_id", 1));
        throw new IllegalStateException("half way");
    }

    @RollbackExecution
    public void rollback(MongoDatabase database, ClientSession session) {
        database.getCollection("half").drop();
    }
}
