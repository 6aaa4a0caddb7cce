package com.acme.orders;

import com.acme.shared.Switches;
import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

@ChangeUnit(id = "fill-country", order = "003", author = "bob", transactional = false)
public class C003FillCountry {
    @Execution
    public void execute(MongoDatabase database) {
        database.getCollection("customers")
                .updateOne(new Document("_id", 1), new Document("$set", new Document("country", "GB")));
        Switches.failIf(database, "fill-country");
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        Switches.failIf(database, "fill-country-rollback");
        database.getCollection("customers")
                .updateOne(new Document("_id", 1), new Document("$unset", new Document("country", "")));
    }
}
