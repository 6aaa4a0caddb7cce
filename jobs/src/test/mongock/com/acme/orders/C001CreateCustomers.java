package com.acme.orders;

import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

@ChangeUnit(id = "create-customers", order = "001", author = "ada", transactional = false)
public class C001CreateCustomers {
    @Execution
    public void execute(MongoDatabase database) {
        database.getCollection("customers").insertOne(new Document("_id", 1).append("name", "Ada"));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("customers").deleteOne(new Document("_id", 1));
    }
}
