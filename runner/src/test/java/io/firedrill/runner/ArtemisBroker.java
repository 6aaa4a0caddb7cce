package io.firedrill.runner;

import java.nio.file.Path;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/** A real Artemis broker in the test's own process, on loopback. */
final class ArtemisBroker implements AutoCloseable {
    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    private final int port;

    ArtemisBroker(Path directory, int port) {
        this.port = port;
        try {
            Configuration configuration = new ConfigurationImpl()
                    .setPersistenceEnabled(true)
                    .setSecurityEnabled(false)
                    .setJournalDirectory(directory.resolve("journal").toString())
                    .setBindingsDirectory(directory.resolve("bindings").toString())
                    .setPagingDirectory(directory.resolve("paging").toString())
                    .setLargeMessagesDirectory(directory.resolve("large").toString())
                    .addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + port)
                    .addAddressSetting("#", new AddressSettings().setAutoDeleteQueues(false));
            broker.setConfiguration(configuration).start();
        } catch (Exception thrown) {
            throw new IllegalStateException("the broker does not start", thrown);
        }
    }

    String url() {
        return "tcp://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        try {
            broker.stop();
        } catch (Exception thrown) {
            throw new IllegalStateException("the broker does not stop", thrown);
        }
    }
}
