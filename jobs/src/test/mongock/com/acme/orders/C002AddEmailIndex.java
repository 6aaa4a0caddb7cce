package com.acme.orders;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.BeforeExecution;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackBeforeExecution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

@ChangeUnit(id = "add-email-index", order = "002", author = "ada")
public class C002AddEmailIndex {
    @BeforeExecution
    public void before(MongoDatabase database) {
        database.getCollection("customers").createIndex(new Document("email", 1));
    }

    @RollbackBeforeExecution
    public void rollbackBefore(MongoDatabase database) {
        database.getCollection("customers").dropIndex(new Document("email", 1));
    }

    @Execution
    public void execute(ClientSession session, MongoDatabase database) {
        database.getCollection("customers")
                .updateOne(session, new Document("_id", 1), new Document("$set", new Document("email", "ada@acme.test")));
    }

    @RollbackExecution
    public void rollback(ClientSession session, MongoDatabase database) {
        database.getCollection("customers")
                .updateOne(session, new Document("_id", 1), new Document("$unset", new Document("email", "")));
    }
}
