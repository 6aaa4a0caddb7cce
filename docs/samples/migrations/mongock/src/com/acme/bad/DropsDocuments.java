package com.acme.bad;

import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** Trap: what it deletes, the rollback brings back only in part. */
@ChangeUnit(id = "drops-documents", order = "103", author = "ada", transactional = false)
public class DropsDocuments {
    @Execution
    public void execute(MongoDatabase database) {
        database.getCollection("legacy").deleteMany(new Document());
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("legacy").insertOne(new Document("_id", 1).append("kept", true));
    }
}
