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

@ChangeUnit(id = "session-forgotten", order = "103", author = "eve")
public class SessionForgotten {
    @Execution
    public void execute(ClientSession session, MongoDatabase database) {
        database.getCollection("eve").insertOne(new Document("_id", 3));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("undone").insertOne(new Document());
    }
}
