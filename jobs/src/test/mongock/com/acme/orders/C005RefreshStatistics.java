package com.acme.orders;

import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

@ChangeUnit(id = "refresh-statistics", order = "005", author = "ada", runAlways = true, transactional = false)
public class C005RefreshStatistics {
    @Execution
    public void execute(MongoDatabase database) {
        database.getCollection("statistics").deleteOne(new Document("_id", "customers"));
        database.getCollection("statistics").insertOne(new Document("_id", "customers").append("n", 1));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("statistics").deleteOne(new Document("_id", "customers"));
    }
}
