package io.firedrill.runner;

import io.firedrill.doctor.Certificates;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.spi.core.remoting.ssl.SSLContextConfig;
import org.jspecify.annotations.Nullable;

/** How the broker is reached, as Artemis reads its address: what makes connections, and what TLS goes by. */
final class BrokerTransport implements AutoCloseable {
    /** A process that is killed closes its connection; one whose machine is gone, or stands still, is missed after this time. */
    private static final long TTL_MILLIS = 30_000;

    private final ActiveMQConnectionFactory factory;
    private final Map<String, Object> parameters;
    private final Optional<SSLContext> files;

    /** Connects to nobody; fails where TLS could not begin with what the address names. */
    BrokerTransport(String url) {
        this.factory = factory(url);
        this.parameters =
                factory.getServerLocator().getStaticTransportConfigurations()[0].getParams();
        this.files = named(TransportConstants.TRUSTSTORE_PATH_PROP_NAME) != null
                        || named(TransportConstants.KEYSTORE_PATH_PROP_NAME) != null
                ? Optional.of(context())
                : Optional.empty();
        if (files.isPresent()) {
            // Else what all of this JVM trusts (-Djavax.net.ssl.trustStore) would go before what the address names.
            parameters.put(TransportConstants.FORCE_SSL_PARAMETERS, true);
        }
    }

    /** What Artemis says of an address that it cannot read holds all of it. */
    private static ActiveMQConnectionFactory factory(String url) {
        try {
            var factory = new ActiveMQConnectionFactory(url);
            if (!url.contains("connectionTTL=")) {
                factory.setConnectionTTL(TTL_MILLIS);
            }
            factory.setClientFailureCheckPeriod(factory.getConnectionTTL() / 3);
            return factory;
        } catch (RuntimeException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "broker-url cannot be read (%s)".formatted(thrown.getClass().getSimpleName()),
                    "Give tcp://host:port?sslEnabled=true, with trustStoreType and trustStorePath behind it.");
        }
    }

    private @Nullable String named(String parameter) {
        Object value = parameters.get(parameter);
        return value == null ? null : value.toString();
    }

    /** Of the same stores as Artemis takes. */
    private SSLContext context() {
        var config = SSLContextConfig.builder()
                .truststorePath(named(TransportConstants.TRUSTSTORE_PATH_PROP_NAME))
                .truststoreType(type(TransportConstants.TRUSTSTORE_TYPE_PROP_NAME))
                .keystorePath(named(TransportConstants.KEYSTORE_PATH_PROP_NAME))
                .keystoreType(type(TransportConstants.KEYSTORE_TYPE_PROP_NAME));
        try {
            return TlsStores.context(config.build());
        } catch (Exception thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "TLS cannot begin with what broker-url names: trust store %s, key store %s (%s)"
                            .formatted(
                                    named(TransportConstants.TRUSTSTORE_PATH_PROP_NAME),
                                    named(TransportConstants.KEYSTORE_PATH_PROP_NAME),
                                    thrown.getClass().getSimpleName()),
                    "Give trustStoreType=PEM and trustStorePath=FILE with the certificate of the authority that signed the broker's, which this process can read.",
                    thrown);
        }
    }

    private String type(String parameter) {
        String type = named(parameter);
        return type == null ? TransportConstants.DEFAULT_TRUSTSTORE_TYPE : type;
    }

    ActiveMQConnectionFactory factory() {
        return factory;
    }

    boolean tls() {
        return Boolean.parseBoolean(named(TransportConstants.SSL_ENABLED_PROP_NAME));
    }

    String host() {
        return String.valueOf(named(TransportConstants.HOST_PROP_NAME));
    }

    int port() {
        return Integer.parseInt(String.valueOf(named(TransportConstants.PORT_PROP_NAME)));
    }

    /** Where it listens. */
    String address() {
        return "tcp://%s:%d".formatted(host(), port());
    }

    /** What TLS goes by where the address names files, in the place of what this machine trusts. */
    Optional<SSLContext> files() {
        return files;
    }

    /** Why whoever listens there is not believed, if that is so: of a handshake that failed Artemis tells nothing. */
    Optional<String> distrust() {
        try {
            return tls()
                    ? Certificates.of(host(), port(), files, Certificates.Opening.NONE)
                            .distrust()
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        factory.close();
    }
}
