package com.acme.good;

import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** An index; to build it again does nothing. */
@ChangeUnit(id = "name-index", order = "001", author = "ada", transactional = false)
public class AddNameIndex {
    @Execution
    public void execute(MongoDatabase database) {
        database.getCollection("customers").createIndex(new Document("name", 1));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("customers").dropIndex(new Document("name", 1));
    }
}
