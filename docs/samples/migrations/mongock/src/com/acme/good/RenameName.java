package com.acme.good;

import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** Taken back, the fields come in another order: CANONICAL, not EXACT. */
@ChangeUnit(id = "rename-name", order = "005", author = "ada", transactional = false)
public class RenameName {
    @Execution
    public void execute(MongoDatabase database) {
        database.getCollection("customers").updateMany(new Document("name", new Document("$exists", true)),
                new Document("$rename", new Document("name", "fullName")));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("customers").updateMany(new Document("fullName", new Document("$exists", true)),
                new Document("$rename", new Document("fullName", "name")));
    }
}
