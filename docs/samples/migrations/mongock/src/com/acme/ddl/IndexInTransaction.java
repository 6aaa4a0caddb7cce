package com.acme.ddl;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** Trap: an index is built inside Mongock's transaction, under a read concern that forbids it. */
@ChangeUnit(id = "index-in-transaction", order = "202", author = "ada")
public class IndexInTransaction {
    @Execution
    public void execute(MongoDatabase database, ClientSession session) {
        database.getCollection("customers").createIndex(session, new Document("n", 1));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database, ClientSession session) {
        database.getCollection("customers").dropIndex(new Document("n", 1));
    }
}
