package com.acme.bad;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.UpdateOptions;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** Trap: it writes to a database that nobody named. */
@ChangeUnit(id = "writes-elsewhere", order = "107", author = "ada", transactional = false)
public class WritesElsewhere {
    @Execution
    public void execute(MongoDatabase database, MongoClient client) {
        client.getDatabase("billing").getCollection("x").updateOne(new Document("_id", 1),
                new Document("$set", new Document("a", 1)), new UpdateOptions().upsert(true));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database, MongoClient client) {
        client.getDatabase("billing").getCollection("x").drop();
    }
}
