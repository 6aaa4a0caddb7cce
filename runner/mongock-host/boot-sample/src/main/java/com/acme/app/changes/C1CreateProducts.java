package com.acme.app.changes;

import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;
import org.springframework.data.mongodb.core.MongoTemplate;

@ChangeUnit(id = "create-products", order = "001", author = "ada", transactional = false)
public class C1CreateProducts {
    @Execution
    public void execute(MongoTemplate template) {
        template.createCollection("products");
        template.getCollection("products").insertOne(new Document("_id", 1).append("name", "chair"));
    }

    @RollbackExecution
    public void rollback(MongoTemplate template) {
        template.dropCollection("products");
    }
}
