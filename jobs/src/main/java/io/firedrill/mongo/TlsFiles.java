package io.firedrill.mongo;

import com.mongodb.ConnectionString;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The files with certificates that a connection string names, as mongosh and the server's own tools take them: {@code tlsCAFile},
 * {@code tlsCertificateKeyFile} and {@code tlsCertificateKeyFilePassword}. They are read again for each connection, so that
 * a certificate that was renewed counts without a restart.
 */
final class TlsFiles {
    static final String CA = "tlscafile";
    static final String KEY = "tlscertificatekeyfile";
    static final String KEY_PASSWORD = "tlscertificatekeyfilepassword";

    /** A connection that takes an earlier one's session up shows no certificate, so nobody may for long. */
    private static final int SESSION_SECONDS_MAX = 1;

    private final String role;
    private final Map<String, String> options;

    /** What is made of the authorities in a file. */
    @FunctionalInterface
    private interface Use<T> {
        T of(KeyStore store) throws GeneralSecurityException;
    }

    private TlsFiles(String uri, String role) {
        this.role = role;
        this.options = optionsOf(uri);
    }

    /**
     * What TLS goes by, if a connection string names files for it.
     *
     * @param parsed the same string, understood
     */
    static Optional<SSLContext> of(String uri, ConnectionString parsed, String role) {
        return named(uri, parsed, role).map(TlsFiles::context);
    }

    /** The files, if a connection string names any. */
    static Optional<TlsFiles> named(String uri, ConnectionString parsed, String role) {
        var files = new TlsFiles(uri, role);
        if (!files.options.containsKey(CA) && !files.options.containsKey(KEY)) {
            return Optional.empty();
        }
        if (!Boolean.TRUE.equals(parsed.getSslEnabled())) {
            throw files.wrong("names certificates, and does not say tls=true", null);
        }
        return Optional.of(files);
    }

    private static Map<String, String> optionsOf(String uri) {
        int query = uri.indexOf('?');
        return query < 0
                ? Map.of()
                : Arrays.stream(uri.substring(query + 1).split("[&;]", -1))
                        .map(option -> option.split("=", 2))
                        .filter(option -> option.length == 2)
                        .collect(Collectors.toMap(
                                option -> option[0].toLowerCase(Locale.ROOT),
                                option -> decoded(option[1]),
                                (first, _) -> first));
    }

    private static String decoded(String value) {
        try {
            // A plus is a plus there.
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return value;
        }
    }

    private SSLContext context() {
        try {
            var tls = SSLContext.getInstance("TLS");
            tls.init(
                    options.containsKey(KEY) ? new KeyManager[] {new FreshKeys(key())} : null,
                    options.containsKey(CA)
                            ? new TrustManager[] {new FreshTrust(authorities(TlsFiles::trustIn))}
                            : null,
                    null);
            tls.getClientSessionContext().setSessionTimeout(SESSION_SECONDS_MAX);
            return tls;
        } catch (GeneralSecurityException thrown) {
            throw unusable(thrown);
        }
    }

    /**
     * What they hold now.
     *
     * @param password of the key in it
     */
    KeyStore store(char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = options.containsKey(CA) ? authorities(all -> all).now() : empty();
        if (options.containsKey(KEY)) {
            PemFile own = key().now();
            store.setKeyEntry("key", own.key().orElseThrow(), password, own.chain());
        }
        return store;
    }

    private Reread<PemFile> key() {
        Path file = path(KEY);
        char[] password = options.getOrDefault(KEY_PASSWORD, "").toCharArray();
        return new Reread<>(
                file,
                () -> {
                    PemFile pem = PemFile.read(file, password);
                    if (pem.certificates().isEmpty() || pem.key().isEmpty()) {
                        throw new GeneralSecurityException("it has to hold a certificate and its private key");
                    }
                    return pem;
                },
                failure(file));
    }

    private <T> Reread<T> authorities(Use<T> use) {
        Path file = path(CA);
        return new Reread<>(file, () -> use.of(storeOf(PemFile.read(file, new char[0]))), failure(file));
    }

    private static KeyStore storeOf(PemFile pem) throws IOException, GeneralSecurityException {
        if (pem.certificates().isEmpty()) {
            throw new GeneralSecurityException("there is no certificate in it");
        }
        KeyStore store = empty();
        for (int i = 0; i < pem.certificates().size(); i++) {
            store.setCertificateEntry("ca" + i, pem.certificates().get(i));
        }
        return store;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static X509ExtendedTrustManager trustIn(KeyStore store) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    private Path path(String option) {
        try {
            return Path.of(options.getOrDefault(option, ""));
        } catch (InvalidPathException _) {
            throw wrong("names a file that there cannot be", null);
        }
    }

    private Reread.Refusal failure(Path file) {
        return thrown -> new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "'%s', which the %s connection string names, cannot be used: %s"
                        .formatted(
                                file,
                                role,
                                thrown instanceof GeneralSecurityException ? thrown.getMessage() : "it cannot be read"),
                "Give it a PEM file: tlsCAFile certificates, tlsCertificateKeyFile a certificate and its key in PKCS#8.",
                thrown);
    }

    Failure unusable(Exception thrown) {
        return wrong("names certificates that TLS cannot begin with", thrown);
    }

    private Failure wrong(String what, @Nullable Exception cause) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "the %s connection string %s".formatted(role, what),
                "Write it as mongodb://host:27017/?tls=true&tlsCAFile=/run/secrets/ca.crt&tlsCertificateKeyFile=/run/secrets/client.pem.",
                cause);
    }
}
