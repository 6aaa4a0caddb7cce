package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.testing.CertificateAuthority;
import io.firedrill.testing.MongockSample;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of jars on a server that is reached by TLS only, whose certificate an authority of one's own has signed. */
class MongockTlsIT {
    private static final String PASSWORD = "opens-the-key +&";
    private static final String ID = "telling";
    /** For those who fail: a virtual machine that has just started has to come to a TLS handshake within it. */
    private static final String QUICKLY = "&serverSelectionTimeoutMS=6000";

    /** A process's own view of what others could see of it, and of its folder. */
    private static final String TELLING = """
            import com.mongodb.client.*;
            import io.mongock.api.annotations.*;
            import java.nio.file.*;
            import java.util.stream.*;
            import org.bson.Document;
            @ChangeUnit(id = "telling", order = "1", author = "a", transactional = false)
            public class Telling {
                @Execution public void go(MongoDatabase database) throws Exception {
                    Path folder = Path.of("/proc/self/fd/1").toRealPath().getParent();
                    try (Stream<Path> files = Files.list(folder)) {
                        database.getCollection("told").insertOne(new Document("_id", 1)
                            .append("folder", folder.toString())
                            .append("files", files.map(each -> each.getFileName().toString()).sorted().collect(Collectors.toList()))
                            .append("arguments", Files.readString(Path.of("/proc/self/cmdline")))
                            .append("environment", Files.readString(Path.of("/proc/self/environ")))
                            .append("properties", System.getProperties().toString())
                            .append("input", System.in.read()));
                    }
                }
                @RollbackExecution public void undo(MongoDatabase database) {
                    database.getCollection("told").drop();
                }
            }
            """;

    @TempDir
    private static Path directory;

    private static CertificateAuthority authority;
    private static CertificateAuthority other;
    private static MongodServer server;
    private static MongoClient client;
    private static MongockJar plain;

    @BeforeAll
    static void start() throws Exception {
        authority = new CertificateAuthority(Files.createDirectories(directory.resolve("authority")));
        other = new CertificateAuthority(Files.createDirectories(directory.resolve("other")));
        server = MongodServer.guardedReplicaSet("shop", authority);
        client = server.client();
        plain = new MongockJar(
                MongockSample.jarOf(directory.resolve("changes"), Map.of("Telling.java", TELLING)),
                MongockOptions.usual());
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    /** A Java whose life is short, with more options. */
    private static RunTools java(String options) throws IOException {
        Path java = Files.createTempFile(directory, "java", "");
        Files.writeString(
                java,
                "#!/bin/sh\nexec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m %s\n"
                        .formatted(RunTools.ownJava(), options));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        return new RunTools(MongockSample.shipped(), java, Optional.empty());
    }

    private static RunEnd ended(MigrationSource source, String id, boolean up, RunTools tools, String uri)
            throws Exception {
        Change change = source.artefact().changes().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
        var target = new RunTarget(uri, "shop", Duration.ofMinutes(2), Map.of()).shield();
        ChangeRunner runner = source.runner(tools);
        try (RunningChange running = up ? runner.apply(change, target) : runner.revert(change, target)) {
            return running.await();
        }
    }

    private static RunEnd telling(boolean up, String options, String uri) throws Exception {
        return ended(plain, ID, up, java(options), uri);
    }

    private static void ok(RunEnd end) {
        assertThat(end.code()).as(end.lastWords()).isZero();
    }

    private static MongoCollection<Document> told() {
        return client.getDatabase("shop").getCollection("told");
    }

    private static String believingAnother() {
        return server.uri().replace("tlsCAFile=" + authority.certificate(), "tlsCAFile=" + other.certificate());
    }

    private static Path encryptedKeyOf(String name) throws Exception {
        Path both = authority.issue(name, "DNS:" + name);
        Path key = directory.resolve(name + ".encrypted");
        var openssl = new ProcessBuilder(
                        "openssl",
                        "pkcs8",
                        "-topk8",
                        "-passout",
                        "pass:" + PASSWORD,
                        "-in",
                        both.toString(),
                        "-out",
                        key.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(openssl.waitFor()).isZero();
        return Files.writeString(
                directory.resolve(name + ".pem"),
                Files.readString(key) + Files.readString(both.resolveSibling(name + ".crt")));
    }

    /** With nothing of it where others can see it, and nothing left behind. */
    @Test
    void aClientCertificateIsShownAndNobodySeesItsKey() throws Exception {
        Path key = encryptedKeyOf("client");
        client.getDatabase("$external")
                .runCommand(Document.parse("{createUser: 'CN=client', roles: [{role: 'root', db: 'admin'}]}"));
        String uri = server.uri("")
                + "&authMechanism=MONGODB-X509&authSource=%24external&tlsCertificateKeyFile=" + key
                + "&tlsCertificateKeyFilePassword=opens-the-key%20%2B%26";
        ok(telling(true, "\"$@\"", uri));
        Document said = Objects.requireNonNull(told().find().first());
        assertThat(said.getList("files", String.class)).containsExactly("err", "out");
        assertThat(Path.of(said.getString("folder"))).doesNotExist();
        assertThat(said.getInteger("input")).as("what else there is to read").isEqualTo(-1);
        assertThat(said.getString("environment")).contains("FIREDRILL_RUN_URI=mongodb://127.0.0.1", "MONGODB-X509");
        assertThat(said.getString("arguments")).contains("certificates=stdin");
        assertThat(said.toJson()).doesNotContain("opens-the-key", "tlsC", "javax.net.ssl", "client.pem", "PRIVATE KEY");
        ok(telling(false, "\"$@\"", uri));
        assertThat(told().countDocuments()).isZero();
    }

    @Test
    void aSpringBootApplicationBelievesTheAuthorityUpAndDown() throws Exception {
        var boot = new MongockJar(MongockSample.application(), MongockOptions.usual());
        RunTools tools = java("\"$@\"");
        ok(ended(boot, "create-products", true, tools, server.uri()));
        assertThat(collections()).contains("products");
        ok(ended(boot, "create-products", false, tools, server.uri()));
        assertThat(collections()).doesNotContain("products");
    }

    private static String collections() {
        return client.getDatabase("shop").listCollectionNames().into(new ArrayList<>()).stream()
                .sorted()
                .collect(Collectors.joining(" "));
    }

    @Test
    void anAuthorityThatSignedNothingIsToldInTheLastWordsAndByUs() throws Exception {
        // Who we are is no reason to believe a server, even one that shows the same.
        String own = "&tlsCertificateKeyFile=" + authority.certificate().resolveSibling("local.key");
        RunEnd end = telling(true, "\"$@\"", believingAnother() + QUICKLY + own);
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lastWords())
                .contains("no TLS with the server: javax.net.ssl.SSLHandshakeException", "PKIX path")
                .hasSizeLessThan(300);
        try (Deployment ours = Deployments.connectToLook(believingAnother() + QUICKLY, "source")) {
            assertThat(catchThrowable(ours::identity))
                    .hasMessageContaining("no TLS with source 127.0.0.1")
                    .hasMessageContaining("PKIX path");
        }
    }

    @Test
    void aCertificateOfAnotherNameIsNotBelieved() throws Exception {
        String uri = "mongodb://admin:an-admins-password@localhost:%d/?directConnection=true&%s"
                .formatted(server.port(), authority.trusted());
        RunEnd end = telling(true, "\"$@\"", uri + QUICKLY);
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lastWords()).contains("no TLS with the server", "localhost");
    }

    @Test
    void whatJavaWasToldToTrustIsTrustedToo() throws Exception {
        ok(telling(true, authority.javaOptions() + " \"$@\"", believingAnother()));
        ok(telling(false, authority.javaOptions() + " \"$@\"", believingAnother()));
    }

    @Test
    void aKeyStoreOfJavasOwnGoesBeforeAllOfIt() throws Exception {
        String own = authority.javaOptions().replace("trustStore", "keyStore");
        RunEnd end = telling(true, own + " \"$@\"", server.uri() + QUICKLY);
        assertThat(end.lastWords()).contains("no TLS with the server", "PKIX path building failed");
    }

    @Test
    void aProgramInThePlaceOfJavaThatKeepsItsInputIsTold() throws Exception {
        RunEnd end = telling(true, "\"$@\" < /dev/null", server.uri());
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lastWords()).contains("no certificates came on standard input");
    }
}
