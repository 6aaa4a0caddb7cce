package io.firedrill.runner;

import io.firedrill.archive.Digests;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.jms.Message;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.jspecify.annotations.Nullable;

/** A connection to the broker, and the queue of the units of one store in it. */
final class BrokerLink implements AutoCloseable {
    /** Nothing is fetched before it can be worked on: another worker may be idle. */
    private static final int WINDOW = 0;

    /** What the names of all our queues begin with. */
    static final String QUEUES = "firedrill.units.";

    private static final Pattern MISSING_RIGHT = Pattern.compile("permission='(\\w+)'.* on address (\\S+)");

    /** What a call meets whose connection is gone before it, or while it waits. */
    private static final Set<ActiveMQExceptionType> ENDED = Set.of(
            ActiveMQExceptionType.NOT_CONNECTED,
            ActiveMQExceptionType.DISCONNECTED,
            ActiveMQExceptionType.REMOTE_DISCONNECT,
            ActiveMQExceptionType.UNBLOCKED,
            ActiveMQExceptionType.OBJECT_CLOSED);

    private final Broker broker;
    private final String store;
    private final BrokerTransport transport;
    private final JMSContext context;

    /** Once it is, the broker was there, and a call that finds no connection has lost it. */
    private boolean connected;

    /**
     * @param store where it is
     */
    BrokerLink(Broker broker, String store) {
        this.broker = broker;
        this.store = store;
        this.transport = new BrokerTransport(broker.url());
        var factory = transport.factory();
        factory.setConsumerWindowSize(WINDOW);
        @Nullable Secret password = broker.password();
        this.context = guarded(() -> password == null
                ? factory.createContext(JMSContext.AUTO_ACKNOWLEDGE)
                : factory.createContext(broker.user(), password.revealCurrent(), JMSContext.AUTO_ACKNOWLEDGE));
        connected = true;
    }

    /**
     * Only runs and workers of one store, one replica set and one version hear of each other.
     *
     * @param work backup or restore: a worker takes the units of what it has the secrets for
     * @param replicaSet that is backed up, or restored into
     */
    String queue(String work, String replicaSet) {
        String together = String.join("\n", store, replicaSet, Errand.ownVersion());
        String digest = Digests.sha256Hex(together.getBytes(StandardCharsets.UTF_8));
        return QUEUES + work + "." + digest.substring(0, 16);
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
                    "the broker %s refuses us%s%s".formatted(address(), asWhom(), right(thrown)),
                    "Check broker-user and broker-password, and that the user has the rights of docs/policies/broker/security-settings.xml.",
                    thrown);
        } catch (JMSRuntimeException thrown) {
            throw transport.distrust().map(why -> distrusted(why, thrown)).orElseGet(() -> silent(thrown));
        }
    }

    private Failure silent(JMSRuntimeException thrown) {
        Optional<ActiveMQExceptionType> reason = reason(thrown);
        if (thrown instanceof IllegalStateRuntimeException
                || (connected && reason.filter(ENDED::contains).isPresent())) {
            return new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "the broker %s has ended our connection: it was stopped, or has not heard of this process for too long"
                            .formatted(address()),
                    "Check that the broker runs; then start this again: it goes on with what is missing.",
                    thrown);
        }
        return new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                "the broker %s does not answer as it should: %s"
                        .formatted(
                                address(),
                                reason.map(Enum::name)
                                        .orElseGet(() -> thrown.getClass().getSimpleName())),
                "Check broker-url and that the broker runs; then start this again: it goes on with what is missing.",
                thrown);
    }

    /** What the broker's own library says of it; Jakarta Messaging has one exception for most of that. */
    private static Optional<ActiveMQExceptionType> reason(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof ActiveMQException told) {
                return Optional.of(told.getType());
            }
        }
        return Optional.empty();
    }

    private Failure distrusted(String why, JMSRuntimeException thrown) {
        return new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                "the broker %s is not believed: %s".formatted(address(), why),
                "Give the broker a certificate for the name in broker-url that has not expired, and have trustStorePath there name the authority that signed it.",
                thrown);
    }

    /** Which one is missing, where that is why. */
    private static String right(JMSSecurityRuntimeException thrown) {
        Matcher missing = MISSING_RIGHT.matcher(String.valueOf(thrown.getMessage()));
        return missing.find() ? ": the right %s on %s is missing".formatted(missing.group(1), missing.group(2)) : "";
    }

    /** Who we are there, for a message. */
    String asWhom() {
        return Optional.ofNullable(broker.user())
                .map(" as user '%s'"::formatted)
                .orElse("");
    }

    /** Where the broker listens. */
    String address() {
        return transport.address();
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
        transport.close();
    }
}
