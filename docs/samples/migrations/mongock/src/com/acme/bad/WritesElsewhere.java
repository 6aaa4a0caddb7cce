package com.acme.bad;

import com.mongodb.client.MongoDatabase;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackExecution;
import java.util.List;
import org.bson.Document;

/** Trap: it writes to a database that nobody named. */
@ChangeUnit(id = "writes-elsewhere", order = "107", author = "ada", transactional = false)
public class WritesElsewhere {
    private static final Document ELSEWHERE = new Document("db", "billing").append("coll", "x");

    @Execution
    public void execute(MongoDatabase database) {
        database.getCollection("customers").aggregate(List.of(
                new Document("$match", new Document("_id", 1)),
                new Document("$project", new Document("_id", 1)),
                new Document("$merge", new Document("into", ELSEWHERE)))).toCollection();
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("customers").aggregate(List.of(
                new Document("$match", new Document("_id", -1)),
                new Document("$out", ELSEWHERE))).toCollection();
    }
}
