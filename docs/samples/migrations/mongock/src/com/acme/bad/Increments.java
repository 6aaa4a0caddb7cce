package com.acme.bad;

import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** Trap: run again, it counts again. */
@ChangeUnit(id = "increments", order = "105", author = "ada", transactional = false)
public class Increments {
    @Execution
    public void execute(MongoDatabase database) {
        for (int from = 0; from < 300; from += 100) {
            database.getCollection("customers").updateMany(new Document("_id", new Document("$gte", from).append("$lt", from + 100)),
                    new Document("$inc", new Document("logins", 1)));
        }
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("customers").updateMany(new Document(), new Document("$unset", new Document("logins", "")));
    }
}
