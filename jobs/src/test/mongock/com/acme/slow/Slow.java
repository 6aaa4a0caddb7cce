package com.acme.slow;

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

@ChangeUnit(id = "slow", order = "001", author = "eve", transactional = false)
public class Slow {
    @Execution
    public void execute(MongoDatabase database) {
        database.getCollection("slow").insertOne(new Document("_id", "begun"));
        // Whoever runs it kills it here.
        java.util.concurrent.locks.LockSupport.parkNanos(java.util.concurrent.TimeUnit.MINUTES.toNanos(2));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("undone").insertOne(new Document());
    }
}
