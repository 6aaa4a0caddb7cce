package com.acme.orders;

import com.acme.shared.Switches;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

@ChangeUnit(id = "totals", order = "004", author = "bob")
public class C004Totals {
    @Execution
    public void execute(ClientSession session, MongoDatabase database) {
        database.getCollection("customers")
                .updateOne(session, new Document("_id", 1), new Document("$set", new Document("total", 0)));
        Switches.failIf(database, "totals");
    }

    @RollbackExecution
    public void rollback(ClientSession session, MongoDatabase database) {
        database.getCollection("customers")
                .updateOne(session, new Document("_id", 1), new Document("$unset", new Document("total", "")));
    }
}
