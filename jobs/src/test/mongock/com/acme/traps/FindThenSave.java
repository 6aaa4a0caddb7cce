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

@ChangeUnit(id = "find-then-save", order = "107", author = "eve", transactional = false)
public class FindThenSave {
    @Execution
    public void execute(MongoDatabase database) {
        try (MongoCursor<Document> cursor = database.getCollection("eve").find().iterator()) {
            while (cursor.hasNext()) {
                Document next = cursor.next();
                database.getCollection("eve").replaceOne(new Document("_id", next.get("_id")), next.append("b", 1));
            }
        }
    }

    @RollbackExecution
    public void rollback(MongoDatabase database) {
        database.getCollection("undone").insertOne(new Document());
    }
}
