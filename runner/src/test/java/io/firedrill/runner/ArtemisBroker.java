package io.firedrill.runner;

import io.firedrill.runner.BrokerRights.Right;
import io.firedrill.testing.CertificateAuthority;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;

/**
 * A real Artemis broker in the test's own process, on loopback: with TLS alone, and a user who may do what
 * {@code docs/policies/broker} gives him and nothing else.
 */
final class ArtemisBroker implements AutoCloseable {
    static final String USER = "firedrill";

    /** Where a pod finds the authority that signed both servers' certificates. */
    static final String AUTHORITY = "/run/secrets/firedrill/workers/ca.crt";

    /** What its certificate is for; it answers to 127.0.0.1 too. */
    private static final String HOST = "localhost";

    private final String password = "Brkr0" + UUID.randomUUID();
    private final CertificateAuthority authority;
    private final Path directory;
    private final Path key;
    private final int port;
    private EmbeddedActiveMQ broker;

    ArtemisBroker(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        this.authority = new CertificateAuthority(directory);
        this.key = authority.issue("broker", "DNS:" + HOST, 1, 365);
        this.port = MongodServer.freePort();
        this.broker = started();
    }

    private EmbeddedActiveMQ started() {
        try {
            var users = new SecurityConfiguration();
            users.addUser(USER, password);
            users.addRole(USER, BrokerRights.ROLE);
            var starting = new EmbeddedActiveMQ();
            starting.setSecurityManager(new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), users));
            return starting.setConfiguration(configuration()).start();
        } catch (Exception thrown) {
            throw new IllegalStateException("the broker does not start", thrown);
        }
    }

    private Configuration configuration() throws Exception {
        Configuration configuration = new ConfigurationImpl()
                .setSecurityInvalidationInterval(0)
                .setUuidNamespace(BrokerRights.uuidNamespace())
                .setConnectionTtlCheckInterval(500)
                .setJournalDirectory(directory.resolve("journal").toString())
                .setBindingsDirectory(directory.resolve("bindings").toString())
                .setPagingDirectory(directory.resolve("paging").toString())
                .setLargeMessagesDirectory(directory.resolve("large").toString())
                .addAcceptorConfiguration(
                        "tls",
                        "tcp://127.0.0.1:%d?sslEnabled=true;keyStoreType=PEM;keyStorePath=%s".formatted(port, key))
                .addAddressSetting("#", new AddressSettings().setAutoDeleteQueues(false));
        List<Right> rights = BrokerRights.all();
        rights.forEach(
                right -> configuration.putSecurityRoles(right.match(), BrokerRights.role(rights, right.match())));
        return configuration;
    }

    /** Its user may do this, and nothing else, from now on. */
    void allow(List<Right> rights) {
        var repository = broker.getActiveMQServer().getSecurityRepository();
        BrokerRights.all().stream()
                .map(Right::match)
                .distinct()
                .forEach(match -> repository.addMatch(match, BrokerRights.role(rights, match)));
    }

    /** In the form that {@code k8s/components/workers} has it. */
    String url() {
        return url(HOST, authority.certificate());
    }

    String url(String host, Path ca) {
        String parameters = parameters("FIREDRILL_BROKER_URL").replace(AUTHORITY, ca.toString());
        return "tcp://%s:%d?%s".formatted(host, port, parameters);
    }

    /** What stands behind the question mark there. */
    static String parameters(String setting) {
        Path file = Documents.ROOT.resolve("k8s/components/workers/shared.yaml");
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> line.startsWith(setting + ": "))
                    .map(line -> line.substring(line.indexOf('?') + 1))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    /** How many messages lie in its queues. */
    long messages() {
        return broker.getActiveMQServer().getTotalMessageCount();
    }

    /** Takes the doctor's queue away: it is made but once. */
    void forget() {
        var server = broker.getActiveMQServer();
        try {
            if (server.locateQueue(BrokerExamination.QUEUE) != null) {
                server.destroyQueue(SimpleString.of(BrokerExamination.QUEUE), null, false, true, true);
            }
        } catch (Exception thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    /** How many processes are connected. */
    int connections() {
        return broker.getActiveMQServer().getConnectionCount();
    }

    int port() {
        return port;
    }

    String password() {
        return password;
    }

    /** Ends it, as somebody does who gives it a new version; its queues stay. */
    void stop() {
        try {
            broker.stop();
        } catch (Exception thrown) {
            throw new IllegalStateException("the broker does not stop", thrown);
        }
    }

    void startAgain() {
        broker = started();
    }

    @Override
    public void close() {
        stop();
    }
}
