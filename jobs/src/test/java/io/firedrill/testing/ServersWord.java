package io.firedrill.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.Document;

/** What a server says of what it holds, one thing at a time, so that it can be compared under another name. */
public record ServersWord(MongodServer server) {
    /** mongod's own digest of each collection. */
    public Map<String, String> digests(String database) {
        try (MongoClient client = server.client()) {
            BsonDocument reply = client.getDatabase(database)
                    .runCommand(new BsonDocument("dbHash", new BsonInt32(1)), BsonDocument.class);
            Map<String, String> digests = new TreeMap<>();
            reply.getDocument("collections")
                    .forEach((name, digest) ->
                            digests.put(name, digest.asString().getValue()));
            return digests;
        }
    }

    /** The same where names differ: the server keeps views as documents that say in which database they lie. */
    public Map<String, String> digestsButViews(String database) {
        Map<String, String> digests = digests(database);
        digests.remove("system.views");
        return digests;
    }

    public List<String> definitions(String database) {
        try (MongoClient client = server.client()) {
            return Fixtures.definitions(client.getDatabase(database));
        }
    }

    public Set<String> indexes(String database, String collection) {
        try (MongoClient client = server.client()) {
            return Exactly.indexes(client.getDatabase(database), collection);
        }
    }

    /** The raw buckets of a time series, each as its bytes. */
    public List<String> buckets(String database, String collection) {
        try (MongoClient client = server.client()) {
            List<String> found = Exactly.documents(client.getDatabase(database), Exactly.BUCKETS + collection);
            assertThat(found).isNotEmpty();
            return found;
        }
    }

    public List<Document> documents(String database, String collection) {
        try (MongoClient client = server.client()) {
            List<Document> found = client.getDatabase(database)
                    .getCollection(collection)
                    .find()
                    .into(new ArrayList<>());
            assertThat(found).isNotEmpty();
            return found;
        }
    }

    /** Drops what a test has left behind, so that the next one finds nothing. */
    public void dropAll() {
        try (MongoClient client = server.client()) {
            userDatabases(client)
                    .forEach(database -> client.getDatabase(database).drop());
        }
    }

    private static List<String> userDatabases(MongoClient client) {
        List<String> databases = client.listDatabaseNames().into(new ArrayList<>());
        databases.removeAll(List.of("admin", "config", "local", "__firedrill"));
        return databases;
    }

    /** Everything that lies in the databases of users. */
    public Set<String> names() {
        Set<String> names = new HashSet<>();
        try (MongoClient client = server.client()) {
            for (String database : userDatabases(client)) {
                client.getDatabase(database).listCollectionNames().forEach(name -> names.add(database + "." + name));
            }
        }
        return names;
    }
}
