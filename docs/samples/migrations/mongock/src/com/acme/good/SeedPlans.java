package com.acme.good;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.UpdateOptions;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import java.util.List;
import org.bson.Document;

/** Upserts by id, which may be repeated. */
@ChangeUnit(id = "seed-plans", order = "004", author = "ada", transactional = false)
public class SeedPlans {
    @Execution
    public void execute(MongoDatabase database) {
        for (String plan : List.of("basic", "plus", "pro")) {
            database.getCollection("plans").updateOne(new Document("_id", plan),
                    new Document("$setOnInsert", new Document("seats", 1)), new UpdateOptions().upsert(true));
        }
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("plans").drop();
    }
}
