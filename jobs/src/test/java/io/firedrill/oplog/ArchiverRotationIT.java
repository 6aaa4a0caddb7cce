package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.CertificateAuthority;
import io.firedrill.testing.DocumentedRole;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.OplogArchiving;
import io.firedrill.testing.OplogArchiving.Reading;
import io.firedrill.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords, users and certificates that are exchanged under a running archiver: it goes on, and nothing is missing. */
class ArchiverRotationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ROLE = "firedrillArchive";

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("uri");
    }

    private void keep(String uri) {
        exchange(file, uri);
    }

    /** As Kubernetes does: from one moment to the next, and never half. */
    private static void exchange(Path file, String text) {
        try {
            Path beside = Files.writeString(file.resolveSibling("beside"), text);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private String kept() {
        try {
            return Files.readString(file);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static void admin(MongodServer source, Document command) {
        try (MongoClient client = source.client()) {
            client.getDatabase("admin").runCommand(command);
        }
    }

    private static OpTime write(MongodServer source) {
        try (MongoClient client = source.client()) {
            client.getDatabase("shop").getCollection("orders").insertOne(new Document("written", 1));
            Document last = client.getDatabase("local")
                    .getCollection("oplog.rs")
                    .find()
                    .sort(new Document("$natural", -1))
                    .first();
            return OpTime.of(Objects.requireNonNull(last).get("ts", BsonTimestamp.class));
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        Patience.await(what, PATIENCE, condition);
    }

    private static void awaitArchived(OplogArchiving archiving, OpTime written) {
        await("%s is archived".formatted(written), () -> {
            assertThat(archiving.isEnded()).as("the archiver has ended").isFalse();
            return archiving
                    .archiver()
                    .end()
                    .filter(end -> end.at().compareTo(written) >= 0)
                    .isPresent();
        });
    }

    /** Every entry of the source's from the first archived one to the last one, and no other. */
    private static void requireWhole(ObjectStore store, MongodServer source, OpTime last) {
        var timelines = OplogArchiving.archive(store).timelines();
        assertThat(timelines).as("without a gap").hasSize(1);
        List<BsonTimestamp> archived = OplogArchiving.entries(store, timelines.getFirst()).stream()
                .map(entry -> entry.getTimestamp("ts"))
                .toList();
        try (MongoClient client = source.client()) {
            List<BsonTimestamp> written = client
                    .getDatabase("local")
                    .getCollection("oplog.rs", RawBsonDocument.class)
                    .find(new Document(
                            "ts", new Document("$gte", archived.getFirst()).append("$lte", archived.getLast())))
                    .into(new ArrayList<>())
                    .stream()
                    .map(entry -> entry.getTimestamp("ts"))
                    .toList();
            assertThat(archived).isEqualTo(written).contains(last.timestamp());
        }
    }

    private interface Rotation {
        OpTime under(OplogArchiving archiving) throws Exception;
    }

    private void archive(MongodServer source, Rotation rotation) throws Exception {
        try (ObjectStore store = ObjectStores.directory(directory.resolve("store"));
                Deployment deployment = Deployments.connectToSource(this::kept)) {
            OpTime last;
            try (var archiving = OplogArchiving.follow(store, Reading.of(deployment))) {
                // An entry from before the archive begins is none that was read, and whoever is refused before he has
                // read
                // anything is told so at once.
                await("the archive has begun", () -> archiving.archiver().end().isPresent());
                awaitArchived(archiving, write(source));
                last = rotation.under(archiving);
                awaitArchived(archiving, last);
            }
            requireWhole(store, source, last);
        }
    }

    @Test
    void aUserThatIsDroppedOnceItsSuccessorIsKnownLeavesNoGap() throws Exception {
        try (var source = MongodServer.guardedReplicaSet("orders")) {
            DocumentedRole.of(ROLE).make(source, "first-password");
            keep(source.uri(ROLE + ":first-password@"));
            archive(source, _ -> {
                admin(
                        source,
                        new Document("createUser", "second")
                                .append("pwd", "second-password")
                                .append("roles", List.of(ROLE)));
                keep(source.uri("second:second-password@"));
                admin(source, new Document("dropUser", ROLE));
                return write(source);
            });
        }
    }

    @Test
    void aPasswordThatIsChangedBeforeItsFileIsLeavesNoGap() throws Exception {
        try (var source = MongodServer.guardedReplicaSet("orders")) {
            DocumentedRole.of(ROLE).make(source, "first-password");
            keep(source.uri(ROLE + ":first-password@"));
            archive(source, archiving -> {
                admin(source, new Document("updateUser", ROLE).append("pwd", "second-password"));
                // Whoever is in stays in: only new connections are asked for the new one.
                source.kill();
                source.restart();
                OpTime written = write(source);
                await(
                        "it is refused",
                        () -> archiving
                                .archiver()
                                .trouble()
                                .filter(failure -> failure.text().contains("refused the user"))
                                .isPresent());
                assertThat(archiving.isEnded()).isFalse();
                keep(source.uri(ROLE + ":second-password@"));
                return written;
            });
        }
    }

    /** The server believes another authority than before, so the old certificate is of no use any more. */
    @Test
    void aClientCertificateThatIsExchangedLeavesNoGap() throws Exception {
        var first = new CertificateAuthority(Files.createDirectories(directory.resolve("first")));
        var second = new CertificateAuthority(Files.createDirectories(directory.resolve("second")));
        Path trusted = Files.copy(first.certificate(), directory.resolve("trusted.pem"));
        Path client = Files.copy(first.issue("archiver", "DNS:archiver"), directory.resolve("client.pem"));
        String next = Files.readString(second.issue("archiver", "DNS:archiver"));
        try (var source = MongodServer.replicaSet(
                "orders",
                "--tlsMode",
                "preferTLS",
                "--tlsCertificateKeyFile",
                first.issue("server", "IP:127.0.0.1").toString(),
                "--tlsCAFile",
                trusted.toString())) {
            try (MongoClient admin = source.client()) {
                admin.getDatabase("$external")
                        .runCommand(new Document("createUser", "CN=archiver").append("roles", List.of()));
            }
            keep(source.uri() + "&tls=true&tlsCAFile=%s&tlsCertificateKeyFile=%s".formatted(first.certificate(), client)
                    + "&authMechanism=MONGODB-X509&authSource=%24external");
            archive(source, _ -> {
                exchange(client, next);
                source.kill();
                exchange(trusted, Files.readString(second.certificate()));
                source.restart();
                return write(source);
            });
        }
    }
}
