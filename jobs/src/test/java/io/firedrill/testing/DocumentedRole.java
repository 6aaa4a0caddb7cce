package io.firedrill.testing;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bson.Document;

/** A role as docs/OPERATIONS.md tells an administrator to make it. */
public record DocumentedRole(String name, List<Document> privileges) {

    /** Reads it from the page. */
    public static DocumentedRole of(String name) {
        try {
            String text = Files.readString(Path.of("..", "docs", "OPERATIONS.md"));
            int start = text.indexOf("{createRole: \"" + name + "\"");
            return new DocumentedRole(
                    name,
                    Document.parse(text.substring(start, text.indexOf("```", start)))
                            .getList("privileges", Document.class));
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** Makes it on a server, and a user of the same name that has nothing else. */
    public DocumentedRole make(MongodServer server, String password) {
        try (MongoClient client = server.client()) {
            MongoDatabase admin = client.getDatabase("admin");
            admin.runCommand(
                    new Document("createRole", name).append("roles", List.of()).append("privileges", privileges));
            admin.runCommand(
                    new Document("createUser", name).append("pwd", password).append("roles", List.of(name)));
        }
        return this;
    }
}
