package com.acme.good;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** In Mongock's transaction, with its row: all of it or nothing. */
@ChangeUnit(id = "house-account", order = "006", author = "ada")
public class AddHouseAccount {
    @Execution
    public void execute(MongoDatabase database, ClientSession session) {
        database.getCollection("customers").insertOne(session, new Document("_id", 1_000).append("fullName", "house"));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database, ClientSession session) {
        database.getCollection("customers").deleteOne(session, new Document("_id", 1_000));
    }
}
