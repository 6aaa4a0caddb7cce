package com.acme.traps;

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

@ChangeUnit(id = "executes-program", order = "116", author = "eve", transactional = false)
public class ExecutesProgram {
    @Execution
    public void execute(MongoDatabase database) throws java.io.IOException {
        Runtime.getRuntime().exec(new String[] {"true"});
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("undone").insertOne(new Document());
    }
}
