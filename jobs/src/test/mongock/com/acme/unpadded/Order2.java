package com.acme.unpadded;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexOptions;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import java.util.UUID;
import java.util.List;
import com.acme.shared.Stamps;
import com.acme.shared.Switches;
import org.bson.Document;

@ChangeUnit(id = "order-2", order = "2", author = "eve", transactional = false)
public class Order2 {
    @Execution
    public void execute(MongoDatabase database) {
        database.getCollection("unpadded").insertOne(new Document("_id", 2));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("undone").insertOne(new Document());
    }
}
