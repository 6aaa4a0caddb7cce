package io.firedrill.testing;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.firedrill.doctor.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bson.Document;

/** A role as the program ships it, and tells an administrator to make it. */
public record DocumentedRole(String name, List<Document> privileges) {

    private static final String ACTIONS = "actions";

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

    /**
     * The role without one of its actions.
     *
     * @param action that is gone
     * @param resource on which it was allowed
     * @param left the privileges
     */
    public record Removal(String action, Document resource, List<Document> left) {
        /** The same, but for what lies in one database. */
        public Removal but(String database) {
            List<Document> more = new ArrayList<>(left);
            var resource = new Document("db", database).append("collection", "");
            more.add(new Document("resource", resource).append(ACTIONS, List.of(action)));
            return new Removal(action, this.resource, more);
        }

        @Override
        public String toString() {
            return "%s on %s".formatted(action, resource.toJson());
        }
    }

    /** One for each action of each privilege. */
    public List<Removal> removals() {
        List<Removal> all = new ArrayList<>();
        for (int i = 0; i < privileges.size(); i++) {
            Document privilege = privileges.get(i);
            for (String action : privilege.getList(ACTIONS, String.class)) {
                all.add(new Removal(action, privilege.get("resource", Document.class), without(i, action)));
            }
        }
        return all;
    }

    /** The one of an action, where it is allowed first. */
    public Removal removal(String action) {
        return removals().stream()
                .filter(each -> each.action.equals(action))
                .findFirst()
                .orElseThrow();
    }

    private List<Document> without(int index, String action) {
        List<Document> left = new ArrayList<>(privileges);
        List<String> actions = new ArrayList<>(left.remove(index).getList(ACTIONS, String.class));
        actions.remove(action);
        if (!actions.isEmpty()) {
            left.add(new Document(privileges.get(index)).append(ACTIONS, actions));
        }
        return left;
    }

    /** Takes the action away from whoever has the role on a server. */
    public void take(MongodServer server, Removal removal) {
        grant(server, removal.left);
    }

    /** Gives everything back that was taken. */
    public void giveBack(MongodServer server) {
        grant(server, privileges);
    }

    private void grant(MongodServer server, List<Document> granted) {
        try (MongoClient client = server.client()) {
            client.getDatabase("admin").runCommand(new Document("updateRole", name).append("privileges", granted));
        }
    }
}
