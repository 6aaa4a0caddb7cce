package io.firedrill.runner;

import com.mongodb.client.MongoClient;
import io.firedrill.testing.MongodServer;
import org.bson.Document;

/**
 * While it is open, a server with test commands begins an insert only when it has held it for some seconds: however busy the
 * machine is, whoever looks at a load finds it between two of them.
 */
final class SlowInserts implements AutoCloseable {
    private static final String SLOW =
            "data: {failCommands: ['insert'], blockConnection: true, blockTimeMS: 3000}, mode: 'alwaysOn'";

    private final MongodServer server;

    SlowInserts(MongodServer server) {
        this.server = server;
        set(SLOW);
    }

    private void set(String how) {
        try (MongoClient client = server.client()) {
            client.getDatabase("admin")
                    .runCommand(Document.parse("{configureFailPoint: 'failCommand', %s}".formatted(how)));
        }
    }

    /** Returns when the server holds none any more: whoever is to be met in the midst of one has to be met before. */
    @Override
    public void close() {
        set("mode: 'off'");
    }
}
