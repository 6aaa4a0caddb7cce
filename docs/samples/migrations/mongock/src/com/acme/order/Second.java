package com.acme.order;

import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;

/** Trap: "10" comes before "2" as text, and so this runs first. */
@ChangeUnit(id = "check-totals", order = "10", author = "ada", transactional = false)
public class Second {
    @Execution
    public void execute(MongoDatabase database) {
        if (database.getCollection("totals").countDocuments() == 0) {
            throw new IllegalStateException("there are no totals");
        }
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        // It only looks.
    }
}
