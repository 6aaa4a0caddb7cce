package com.acme.good;

import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** In ranges, each of which leaves out what is done: it may be cut off anywhere. */
@ChangeUnit(id = "fill-in-ranges", order = "003", author = "ada", transactional = false)
public class FillInRanges {
    @Execution
    public void execute(MongoDatabase database) {
        for (int from = 0; from < 300; from += 40) {
            Document range = new Document("_id", new Document("$gte", from).append("$lt", from + 40)).append("tier", null);
            database.getCollection("customers").updateMany(range, new Document("$set", new Document("tier", "basic")));
        }
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("customers").updateMany(new Document(), new Document("$unset", new Document("tier", "")));
    }
}
