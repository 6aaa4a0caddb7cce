package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.apache.activemq.artemis.spi.core.remoting.ssl.SSLContextConfig;

/** How the database of the job repository is reached, as PostgreSQL's driver reads its address. */
final class RepositoryTransport {
    private static final String SCHEME = "jdbc:postgresql:";
    private static final String PORT = ":5432";

    /** Goes by what this JVM trusts; any other factory goes by what nobody can tell. */
    private static final String JVMS_FACTORY = "org.postgresql.ssl.DefaultJavaSSLFactory";

    /** With these eight bytes a client asks for TLS, before it says anything else. */
    private static final byte[] TLS_WANTED = {0, 0, 0, 8, 4, (byte) 210, 22, 47};

    private final String url;
    private final Map<String, String> parameters;

    RepositoryTransport(String url) {
        this.url = url;
        int query = url.indexOf('?');
        this.parameters = query < 0
                ? Map.of()
                : Arrays.stream(url.substring(query + 1).split("&", -1))
                        .map(parameter -> parameter.split("=", 2))
                        .filter(parameter -> parameter.length == 2)
                        .collect(Collectors.toMap(parameter -> parameter[0], parameter -> parameter[1], (a, b) -> b));
    }

    /** As {@code host:port}, in the order in which they are asked. */
    List<String> hosts() {
        String rest = RepositoryFaults.address(url).substring(SCHEME.length());
        String hosts = rest.startsWith("//") ? rest.substring(2).replaceFirst("/.*", "") : "localhost";
        return Arrays.stream(hosts.split(",", -1))
                .map(host -> host.matches(".*[^:]:\\d+|\\[.*]:\\d+") ? host : host + PORT)
                .toList();
    }

    /** Whether the certificate is believed only if it is signed by whom we trust, and for the host's own name. */
    boolean verified() {
        return "verify-full".equals(parameters.get("sslmode"))
                && JVMS_FACTORY.equals(parameters.getOrDefault("sslfactory", JVMS_FACTORY));
    }

    /** What TLS goes by, where that is not what this JVM trusts. */
    Optional<SSLContext> files() {
        if (parameters.containsKey("sslfactory")) {
            return Optional.empty();
        }
        String authority = Objects.requireNonNullElse(parameters.get("sslrootcert"), usual().toString());
        try {
            return Optional.of(TlsStores.context(SSLContextConfig.builder()
                    .truststorePath(authority)
                    .truststoreType("PEM")
                    .build()));
        } catch (Exception thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "TLS cannot begin with the authority of job-repository-url, %s (%s)"
                            .formatted(authority, thrown.getClass().getSimpleName()),
                    "Give sslrootcert=FILE with the certificate of the authority that signed the database's, which this process can read.",
                    thrown);
        }
    }

    private static Path usual() {
        return Path.of(System.getProperty("user.home"), ".postgresql", "root.crt");
    }

    /** Asks the server for TLS. */
    static void begin(Socket plain) throws IOException {
        plain.getOutputStream().write(TLS_WANTED);
        if (plain.getInputStream().read() != 'S') {
            throw new IOException("it does not speak TLS");
        }
    }
}
