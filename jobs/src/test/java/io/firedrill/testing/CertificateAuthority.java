package io.firedrill.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority for certificates of tests, by the JDK's keytool and openssl. */
public final class CertificateAuthority {
    private static final String PASSWORD = "changeit";
    private static final String LOCAL = "local";

    private final Path directory;
    private Optional<Path> local = Optional.empty();

    public CertificateAuthority(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        keytool(
                "ca",
                "-genkeypair",
                "-alias",
                "ca",
                "-keyalg",
                "EC",
                "-dname",
                "CN=ca",
                "-ext",
                "bc:c",
                "-validity",
                "900");
        keytool("ca", "-exportcert", "-rfc", "-alias", "ca", "-file", file("ca.pem"));
    }

    /** What a mongod takes as its authority. */
    public Path certificate() {
        return directory.resolve("ca.pem");
    }

    /**
     * Options of a mongod that shows a certificate of this authority, and asks its clients for none.
     *
     * @param mode such as {@code requireTLS}
     * @param key its certificate and private key, as {@link #issue} gives them
     */
    public String[] mongod(String mode, Path key) {
        return new String[] {
            "--tlsMode",
            mode,
            "--tlsCertificateKeyFile",
            key.toString(),
            "--tlsCAFile",
            certificate().toString(),
            "--tlsAllowConnectionsWithoutCertificates"
        };
    }

    /** The option of a connection string that has a client trust this authority, and no other. */
    public String trusted() {
        return "tls=true&tlsCAFile=" + certificate();
    }

    /**
     * Signs one.
     *
     * @param san whom it is for, as keytool takes it
     * @param begins as keytool takes it, like {@code -1d}
     * @return the certificate and its private key, as a mongod takes them
     */
    public Path issue(String name, String san, String begins, int days) throws IOException, InterruptedException {
        keytool(name, "-genkeypair", "-alias", "one", "-keyalg", "EC", "-dname", "CN=" + name);
        keytool(name, "-certreq", "-alias", "one", "-file", file(name + ".csr"));
        keytool(
                "ca",
                "-gencert",
                "-rfc",
                "-alias",
                "ca",
                "-infile",
                file(name + ".csr"),
                "-outfile",
                file(name + ".crt"),
                "-ext",
                "SAN=" + san,
                "-startdate",
                begins,
                "-validity",
                Integer.toString(days));
        keytool(name, "-importcert", "-noprompt", "-alias", "ca", "-file", file("ca.pem"));
        keytool(name, "-importcert", "-noprompt", "-alias", "one", "-file", file(name + ".crt"));
        run(
                "openssl",
                "pkcs12",
                "-in",
                file(name + ".p12"),
                "-passin",
                "pass:" + PASSWORD,
                "-nodes",
                "-out",
                file(name + ".key"));
        return directory.resolve(name + ".key");
    }

    /** A certificate for servers on this machine, the same for all, and its private key. */
    Path local() throws IOException, InterruptedException {
        if (local.isEmpty()) {
            local = Optional.of(issue(LOCAL, "ip:127.0.0.1", "-1d", 30));
        }
        return local.get();
    }

    /** Options of a virtual machine that trusts this authority, and no other. */
    public String javaOptions() throws IOException, InterruptedException {
        return "-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=%s"
                .formatted(local().resolveSibling(LOCAL + ".p12"), PASSWORD);
    }

    /** Of a client that trusts this authority. */
    SSLContext tls() throws IOException, GeneralSecurityException {
        return tls(LOCAL);
    }

    /** Of a server that shows the certificate of this name, and of a client that trusts this authority. */
    public SSLContext tls(String name) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve(name + ".p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        KeyStore only = KeyStore.getInstance("PKCS12");
        only.load(null, null);
        only.setCertificateEntry("ca", store.getCertificate("ca"));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(only);
        var tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return tls;
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private void keytool(String store, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", file(store + ".p12")));
        run(command.toArray(String[]::new));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(() -> String.join(" ", command)).isZero();
    }
}
