package com.acme.bad;

import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** Trap: the rollback rebuilds the collection, without its index. */
@ChangeUnit(id = "loses-an-index", order = "104", author = "ada", transactional = false)
public class LosesAnIndex {
    @Execution
    public void execute(MongoDatabase database) {
        database.getCollection("regions").drop();
        database.getCollection("regions").insertOne(new Document("_id", "eu").append("name", "Europe"));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("regions").drop();
        database.getCollection("regions").insertOne(new Document("_id", "eu").append("name", "EU"));
    }
}
