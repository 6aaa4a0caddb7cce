package com.acme.duplicates;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexOptions;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** Trap: a unique index on data that has duplicates, as only real data does. */
@ChangeUnit(id = "unique-name", order = "203", author = "ada", transactional = false)
public class UniqueName {
    @Execution
    public void execute(MongoDatabase database) {
        database.getCollection("customers").createIndex(new Document("country", 1), new IndexOptions().unique(true));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("customers").dropIndex(new Document("country", 1));
    }
}
