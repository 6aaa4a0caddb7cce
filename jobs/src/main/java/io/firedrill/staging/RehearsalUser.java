package io.firedrill.staging;

import io.firedrill.mongo.Deployment;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;

/** The user of a child process in a staging server: it reads, writes and defines data, and sees what the server does. */
final class RehearsalUser {
    private static final String DATABASE = "admin";
    private static final List<String> ROLES = List.of("readWriteAnyDatabase", "dbAdminAnyDatabase", "clusterMonitor");
    private static final int RANDOM_BYTES = 24;

    /** With a random end: restored users keep their names. */
    private final String name = "firedrill-rehearsal-" + random().substring(0, 8);

    private final String password = random();

    private static String random() {
        var bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        // As it stands in a connection string.
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Makes it; it is in the files of the server from then on. */
    void create(Deployment deployment) {
        var roles = ROLES.stream().map(BsonString::new).toList();
        deployment.run(
                DATABASE,
                new BsonDocument("createUser", new BsonString(name))
                        .append("pwd", new BsonString(password))
                        .append("roles", new BsonArray(roles)));
    }

    String uri(int port) {
        return "mongodb://%s:%s@127.0.0.1:%d/?authSource=%s&directConnection=true"
                .formatted(name, password, port, DATABASE);
    }

    @Override
    public String toString() {
        // Without the password.
        return name;
    }
}
