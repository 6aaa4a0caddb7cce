package io.firedrill.runner;

import io.firedrill.archive.Digests;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.jms.Message;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.jspecify.annotations.Nullable;

/** A connection to the broker, and the queue of the units of one store in it. */
final class BrokerLink implements AutoCloseable {
    /** Nothing is fetched before it can be worked on: another worker may be idle. */
    private static final int WINDOW = 0;

    /** A process that is killed closes its connection; one whose machine is gone is missed after this time. */
    private static final long TTL_MILLIS = 30_000;

    private final Broker broker;
    private final String store;
    private final ActiveMQConnectionFactory factory;
    private final JMSContext context;

    /**
     * @param store where it is
     */
    BrokerLink(Broker broker, String store) {
        this.broker = broker;
        this.store = store;
        this.factory = factory(broker.url());
        factory.setConsumerWindowSize(WINDOW);
        factory.setConnectionTTL(TTL_MILLIS);
        factory.setClientFailureCheckPeriod(TTL_MILLIS / 3);
        @Nullable Secret password = broker.password();
        this.context = guarded(() -> password == null
                ? factory.createContext(JMSContext.AUTO_ACKNOWLEDGE)
                : factory.createContext(broker.user(), password.revealCurrent(), JMSContext.AUTO_ACKNOWLEDGE));
    }

    /** What Artemis says of an address that it cannot read holds all of it. */
    private static ActiveMQConnectionFactory factory(String url) {
        try {
            return new ActiveMQConnectionFactory(url);
        } catch (RuntimeException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "broker-url cannot be read (%s)".formatted(thrown.getClass().getSimpleName()),
                    "Give tcp://host:port?sslEnabled=true, with trustStoreType and trustStorePath behind it.");
        }
    }

    /**
     * Only runs and workers of one store, one replica set and one version hear of each other.
     *
     * @param work backup or restore: a worker takes the units of what it has the secrets for
     * @param replicaSet that is backed up, or restored into
     */
    String queue(String work, String replicaSet) {
        String together = String.join("\n", store, replicaSet, Errand.ownVersion());
        return "firedrill.units.%s.%s"
                .formatted(
                        work,
                        Digests.sha256Hex(together.getBytes(StandardCharsets.UTF_8))
                                .substring(0, 16));
    }

    /** For one thread: takes units, or asks for them. */
    JMSContext session(int mode) {
        return guarded(() -> context.createContext(mode));
    }

    /** Does something with the broker; what goes wrong there names it, without user and password. */
    <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (JMSSecurityRuntimeException thrown) {
            throw new Failure(
                    FailureKind.ACCESS_DENIED,
                    "the broker %s refuses us%s"
                            .formatted(
                                    address(),
                                    Optional.ofNullable(broker.user())
                                            .map(" as user '%s'"::formatted)
                                            .orElse("")),
                    "Check broker-user and broker-password, and that the user may send to, consume from and create queues named firedrill.units.*, and make temporary queues.",
                    thrown);
        } catch (JMSRuntimeException thrown) {
            throw new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "the broker %s does not answer as it should: %s"
                            .formatted(
                                    address(),
                                    thrown.getErrorCode() == null
                                            ? thrown.getClass().getSimpleName()
                                            : thrown.getErrorCode()),
                    "Check broker-url and that the broker runs; then start this again: it goes on with what is missing.",
                    thrown);
        }
    }

    private String address() {
        return broker.url().replaceFirst("[?].*", "");
    }

    /** The text of a message; empty where it is none of ours. */
    static String body(Message message) {
        try {
            return message.isBodyAssignableTo(String.class) ? message.getBody(String.class) : "";
        } catch (JMSException _) {
            return "";
        }
    }

    @Override
    public void close() {
        try {
            context.close();
        } catch (JMSRuntimeException _) {
            // The broker is gone, and the connection with it.
        }
        factory.close();
    }
}
