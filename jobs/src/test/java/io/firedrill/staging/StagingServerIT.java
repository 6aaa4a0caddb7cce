package io.firedrill.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.storage.Mount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mongod of our own: who gets in, what stops it from starting, and that nothing is left of it. */
class StagingServerIT {
    private static final String MONGOD = System.getenv("FIREDRILL_MONGOD");

    @TempDir
    Path root;

    @Test
    void nobodyElseGetsInAndNothingIsLeft() throws IOException {
        Path folder;
        long pid;
        int port;
        try (StagingServer server = start(MONGOD)) {
            folder = server.path();
            pid = server.pid();
            port = server.port();
            insert(server.deployment());
            assertThat(server.deployment().identity().setName()).isEqualTo("ephemeral");
            requireClosedTo("mongodb://127.0.0.1:%d/".formatted(port));
            requireClosedTo("mongodb://__system:guessed@127.0.0.1:%d/?authSource=local".formatted(port));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("key"))))
                    .isEqualTo("rw-------");
            assertThat(server.destroy()).contains("process " + pid, folder.toString(), "127.0.0.1:" + port);
        }
        assertThat(folder).doesNotExist();
        assertThat(isDead(pid)).isTrue();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close());
        assertThat(root).isEmptyDirectory();
    }

    private static void insert(Deployment deployment) {
        var document = new BsonDocument("_id", new BsonInt32(1)).append("secret", new BsonString("restored"));
        deployment.run(
                "shop",
                new BsonDocument("insert", new BsonString("orders"))
                        .append("documents", new BsonArray(List.of(document))));
    }

    /** Neither reading nor writing, nor becoming a user by being the first from this machine. */
    private static void requireClosedTo(String uri) {
        try (MongoClient client = MongoClients.create(uri)) {
            for (String command : List.of(
                    "{find: 'orders'}",
                    "{insert: 'orders', documents: [{_id: 2}]}",
                    "{listCollections: 1}",
                    "{createUser: 'me', pwd: 'mine', roles: ['root']}")) {
                for (String database : List.of("shop", "admin")) {
                    assertThatExceptionOfType(MongoException.class)
                            .as("%s on %s", command, database)
                            .isThrownBy(() -> client.getDatabase(database).runCommand(Document.parse(command)))
                            .withMessageMatching("(?s).*(requires authentication|Exception authenticating).*");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-mongod", "/nowhere/mongod", "/", "a\0b"})
    void withoutABinaryThereIsAHint(String mongod) {
        Failure failure = refused(mongod);
        assertThat(failure.text()).contains("'" + mongod + "' is no executable file");
        assertThat(failure.hint()).contains("FIREDRILL_MONGOD");
    }

    @Test
    void aBinaryIsFoundOnThePath() {
        assertThat(Binary.find("sh")).startsWith("/").endsWith("/sh");
    }

    @Test
    void whatIsNoMongodIsToldWithItsLastWords() throws IOException {
        Path other = script("echo first; echo 'I know no --dbpath'; exit 7");
        assertThat(refused(other.toString()).text()).contains("ended with 7", "I know no --dbpath");
        assertThat(refused(script("exit 3").toString()).text()).contains("ended with 3", "it said nothing");
        assertThat(rest()).isEmpty();
    }

    @Test
    void aPortThatIsTakenMeanwhileIsNoFailure() throws IOException {
        Path once = root.resolve("once");
        Path mongod = script("[ -e '%s' ] && exec '%s' \"$@\"; echo > '%s'; exit 48".formatted(once, MONGOD, once));
        try (StagingServer server = start(mongod.toString())) {
            assertThat(server.deployment().identity().hosts()).containsExactly("127.0.0.1:" + server.port());
        }
        assertThat(once).exists();
        assertThat(refused(script("exit 48").toString()).text()).contains("ended with 48");
        assertThat(rest()).isEmpty();
    }

    @Test
    void aMongodOlderThanTheSourceIsRefused() {
        Failure failure = catchThrowableOfType(Failure.class, () -> StagingServer.start(MONGOD, root, 0, "100.0"));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text()).contains("and the source of this backup 100.0");
        assertThat(rest()).isEmpty();
    }

    @Test
    void whereDataDoesNotFitNothingStarts() throws IOException {
        Failure full =
                catchThrowableOfType(Failure.class, () -> StagingServer.start(MONGOD, root, Long.MAX_VALUE / 2, "6.0"));
        assertThat(full.text()).containsPattern("has \\d+ MB free, and this backup wants 439804651366\\d");
        assertThat(full.hint()).contains("FIREDRILL_STAGING_DIR");
        Path file = Files.createFile(root.resolve("file"));
        Failure noFolder = catchThrowableOfType(Failure.class, () -> StagingServer.start(MONGOD, file, 0, "6.0"));
        assertThat(noFolder.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(noFolder.text()).contains(file.toString());
        assertThat(rest()).isEmpty();
    }

    @Test
    void itIsDestroyedEvenIfItsWatcherWasKilled() {
        StagingServer server = start(MONGOD);
        ProcessHandle shell = shellOf(server);
        assertThat(shell.destroyForcibly()).isTrue();
        shell.onExit().join();
        assertThat(ProcessHandle.of(server.pid()))
                .as("a server without its watcher")
                .isPresent();
        server.destroy();
        assertThat(isDead(server.pid())).isTrue();
        assertThat(rest()).isEmpty();
    }

    /** Whoever takes an orphan up may take its time to notice that it is dead: it has no command line any more. */
    private static boolean isDead(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().commandLine())
                .isEmpty();
    }

    private static ProcessHandle shellOf(StagingServer server) {
        return ProcessHandle.of(server.pid()).flatMap(ProcessHandle::parent).orElseThrow();
    }

    @Test
    void whatCannotBeRemovedIsAFailure() throws IOException {
        StagingServer server = start(MONGOD);
        Path stuck = Files.createDirectory(server.path().resolve("stuck"));
        try (var mount = new Mount(stuck, "size=1m")) {
            assumeTrue(mount.isThere(), "we may not mount: a folder that cannot be removed is not tested");
            Failure left = catchThrowableOfType(Failure.class, server::destroy);
            assertThat(left.kind()).isEqualTo(FailureKind.STAGING_LEFT_BEHIND);
            assertThat(left.text()).contains(server.path() + " is there").doesNotContain("lives", "answers");
        } finally {
            StagingFolder.remove(server.path());
        }
    }

    @Test
    void whatACrashLeftBehindIsSweptAndNothingElse() throws IOException {
        Path inUse;
        try (StagingServer server = start(MONGOD)) {
            inUse = server.path();
            Path abandoned = leftBehind("ephemeral-1");
            Process orphan = new ProcessBuilder(
                            "tail", "-f", abandoned.resolve("mongod.log").toString())
                    .start();
            Files.writeString(abandoned.resolve("mongod.pid"), orphan.pid() + "\n");
            Path reused = leftBehind("ephemeral-2");
            Process innocent = new ProcessBuilder("tail", "-f", "/dev/null").start();
            Files.writeString(reused.resolve("mongod.pid"), innocent.pid() + "\n");
            Path unlocked = Files.createDirectory(root.resolve("ephemeral-3"));
            Path others = Files.createDirectory(root.resolve("other"));

            assertThat(StagingServer.sweep(root)).containsExactlyInAnyOrder(abandoned, reused);
            assertThat(orphan.onExit().join().exitValue()).isNotZero();
            assertThat(innocent.isAlive()).isTrue();
            innocent.destroyForcibly();
            assertThat(rest()).containsExactlyInAnyOrder(inUse, unlocked, others);
            insert(server.deployment());
        }
        assertThat(StagingServer.sweep(root.resolve("not-there"))).isEmpty();
    }

    private Path leftBehind(String name) throws IOException {
        Path folder = Files.createDirectory(root.resolve(name));
        Files.createFile(folder.resolve("owner.lock"));
        Files.createFile(folder.resolve("mongod.log"));
        return folder;
    }

    private StagingServer start(String mongod) {
        return StagingServer.start(mongod, root, 0, "6.0");
    }

    private Failure refused(String mongod) {
        Failure failure = catchThrowableOfType(Failure.class, () -> start(mongod));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        return failure;
    }

    private Path script(String text) throws IOException {
        Path file = Files.createTempFile(root, "script", "");
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }

    /** What lies in the directory beside the files of the test. */
    private List<Path> rest() {
        try (Stream<Path> files = Files.list(root)) {
            return files.filter(Files::isDirectory).toList();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
