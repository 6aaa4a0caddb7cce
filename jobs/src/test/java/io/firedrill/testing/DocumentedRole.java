package io.firedrill.testing;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.firedrill.doctor.Role;
import java.util.Arrays;
import java.util.List;
import org.bson.Document;

/** A role as the program ships it, and tells an administrator to make it. */
public record DocumentedRole(String name, List<Document> privileges) {

    /** The one that is called so on a server. */
    public static DocumentedRole of(String name) {
        return of(name, "");
    }

    /** The same for one database. */
    public static DocumentedRole of(String name, String database) {
        Role role = Arrays.stream(Role.values())
                .filter(each -> each.roleName().equals(name))
                .findFirst()
                .orElseThrow();
        return new DocumentedRole(name, Document.parse(role.text(database)).getList("privileges", Document.class));
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
