package com.acme.bad;

import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** Trap: the rollback forgets one of the two fields. */
@ChangeUnit(id = "forgets-a-field", order = "102", author = "ada", transactional = false)
public class ForgetsAField {
    @Execution
    public void execute(MongoDatabase database) {
        database.getCollection("customers").updateMany(new Document("_id", new Document("$lt", 5)),
                new Document("$set", new Document("status", "old").append("checked", true)));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("customers").updateMany(new Document(), new Document("$unset", new Document("status", "")));
    }
}
