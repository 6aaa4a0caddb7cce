package com.acme.order;

import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** The first by its number. */
@ChangeUnit(id = "fill-totals", order = "2", author = "ada", transactional = false)
public class First {
    @Execution
    public void execute(MongoDatabase database) {
        database.getCollection("totals").insertOne(new Document("_id", 1).append("n", 1));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("totals").drop();
    }
}
