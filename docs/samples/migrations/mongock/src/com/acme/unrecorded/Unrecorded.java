package com.acme.unrecorded;

import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;

/** Trap: its row cannot be written, Mongock says so to nobody, and ends with 0. */
@ChangeUnit(id = "unrecorded", order = "204", author = "ada", transactional = false)
public class Unrecorded {
    @Execution
    public void execute(MongoDatabase database) {
        database.runCommand(new Document("collMod", "mongockChangeLog")
                .append("validator", new Document("never", new Document("$exists", true))));
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.runCommand(new Document("collMod", "mongockChangeLog").append("validator", new Document()));
    }
}
