package com.acme.bad;

import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** Trap: run again, it fails on its own leftovers (E11000). */
@ChangeUnit(id = "inserts-once", order = "106", author = "ada", transactional = false)
public class InsertsOnce {
    @Execution
    public void execute(MongoDatabase database) {
        database.getCollection("settings").insertOne(new Document("_id", 1));
        database.getCollection("settings").insertOne(new Document("_id", 2));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("settings").drop();
    }
}
