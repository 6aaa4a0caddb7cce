package com.acme.good;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.BeforeExecution;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackBeforeExecution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** The index before the transaction, the documents in it. */
@ChangeUnit(id = "country-index", order = "007", author = "ada")
public class CountryWithIndex {
    @Execution
    public void execute(MongoDatabase database, ClientSession session) {
        database.getCollection("customers").updateMany(session, new Document("country", null).append("_id", new Document("$gte", 200)),
                new Document("$set", new Document("country", "FR")));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database, ClientSession session) {
        database.getCollection("customers").updateMany(session, new Document("country", "FR"), new Document("$unset", new Document("country", "")));
    }

    @BeforeExecution
    public void before(MongoDatabase database) {
        database.getCollection("customers").createIndex(new Document("country", 1));
    }

    @RollbackBeforeExecution
    public void rollbackBefore(MongoDatabase database) {
        database.getCollection("customers").dropIndex(new Document("country", 1));
    }
}
