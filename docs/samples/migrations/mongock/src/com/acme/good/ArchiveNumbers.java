package com.acme.good;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.UpdateOptions;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** What it takes away it keeps, so that it can be brought back. */
@ChangeUnit(id = "archive-numbers", order = "008", author = "ada", transactional = false)
public class ArchiveNumbers {
    @Execution
    public void execute(MongoDatabase database) {
        MongoCollection<Document> archive = database.getCollection("numbersArchive");
        for (Document each : database.getCollection("customers").find(new Document("n", new Document("$exists", true)).append("_id", new Document("$lt", 20)))) {
            archive.updateOne(new Document("_id", each.get("_id")), new Document("$set", new Document("n", each.get("n"))),
                    new UpdateOptions().upsert(true));
            database.getCollection("customers").updateOne(new Document("_id", each.get("_id")), new Document("$unset", new Document("n", "")));
        }
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        for (Document each : database.getCollection("numbersArchive").find()) {
            database.getCollection("customers").updateOne(new Document("_id", each.get("_id")), new Document("$set", new Document("n", each.get("n"))));
        }
        database.getCollection("numbersArchive").drop();
    }
}
