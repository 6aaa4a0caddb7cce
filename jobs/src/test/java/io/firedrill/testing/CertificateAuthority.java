package io.firedrill.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** An authority for certificates of tests, by openssl. */
public final class CertificateAuthority {
    private static final String CONFIG = """
            [req]
            distinguished_name = name
            [name]
            [authority]
            basicConstraints = critical, CA:TRUE
            [ca]
            default_ca = here
            [here]
            database = index
            new_certs_dir = .
            rand_serial = yes
            unique_subject = no
            default_md = sha256
            policy = any
            [any]
            commonName = supplied
            """;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String LOCAL = "local";

    private final Path directory;
    private Optional<Path> local = Optional.empty();

    public CertificateAuthority(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        Files.writeString(directory.resolve("ca.conf"), CONFIG);
        Files.createFile(directory.resolve("index"));
        var arguments = new ArrayList<>(newKey("ca", file("ca.pem")));
        arguments.addAll(List.of("-x509", "-extensions", "authority", "-days", "900"));
        OpenSsl.run(directory, arguments.toArray(String[]::new));
    }

    /** A request for a certificate, and its key; further arguments make a certificate of it. */
    private List<String> newKey(String name, String out) {
        return List.of(
                "req",
                "-new",
                "-config",
                "ca.conf",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                name + ".pk8",
                "-out",
                out,
                "-subj",
                "/CN=" + name);
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

    /** Signs one that began yesterday and ends in a month. */
    public Path issue(String name, String san) throws IOException, InterruptedException {
        return issue(name, san, 1, 30);
    }

    /**
     * Signs one.
     *
     * @param san whom it is for, as openssl takes it: {@code DNS:localhost}
     * @param daysAgo when it began
     * @param days how long it lasts from there on
     * @return the certificate and its private key, as a mongod takes them; beside them {@code NAME.crt} and {@code NAME.pk8}
     */
    public Path issue(String name, String san, int daysAgo, int days) throws IOException, InterruptedException {
        Files.writeString(directory.resolve(name + ".conf"), "%s%n[one]%nsubjectAltName=%s%n".formatted(CONFIG, san));
        OpenSsl.run(directory, newKey(name, name + ".csr").toArray(String[]::new));
        Instant from = Instant.now().minus(Duration.ofDays(daysAgo));
        OpenSsl.run(
                directory,
                "ca",
                "-batch",
                "-notext",
                "-config",
                name + ".conf",
                "-extensions",
                "one",
                "-cert",
                "ca.pem",
                "-keyfile",
                "ca.pk8",
                "-in",
                name + ".csr",
                "-out",
                name + ".crt",
                "-startdate",
                DATE.format(from),
                "-enddate",
                DATE.format(from.plus(Duration.ofDays(days))));
        Path key = directory.resolve(name + ".pk8");
        return Files.writeString(
                directory.resolve(name + ".key"),
                Files.readString(key) + Files.readString(key.resolveSibling(name + ".crt")));
    }

    /** A certificate for servers on this machine, the same for all, and its private key. */
    Path local() throws IOException, InterruptedException {
        if (local.isEmpty()) {
            local = Optional.of(issue(LOCAL, "IP:127.0.0.1"));
        }
        return local.get();
    }

    /** Options of a virtual machine that trusts this authority, and no other. */
    public String javaOptions() throws IOException, InterruptedException {
        Path file = local().resolveSibling(LOCAL + ".p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store(LOCAL).store(out, OpenSsl.PASSWORD.toCharArray());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has PKCS#12", impossible);
        }
        return "-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=%s".formatted(file, OpenSsl.PASSWORD);
    }

    /** Of a client that trusts this authority. */
    SSLContext tls() throws IOException, GeneralSecurityException {
        return tls(LOCAL);
    }

    /** Of a server that shows the certificate of this name, and of a client that trusts this authority. */
    public SSLContext tls(String name) throws IOException, GeneralSecurityException {
        return OpenSsl.tls(store(name));
    }

    private KeyStore store(String name) throws IOException, GeneralSecurityException {
        return OpenSsl.store(directory.resolve(name + ".pk8"), directory.resolve(name + ".crt"), certificate());
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }
}
