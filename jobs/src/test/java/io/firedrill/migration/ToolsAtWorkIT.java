package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Patience;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a server tells of a release's tool to a user who may do nothing but read and write one database. */
class ToolsAtWorkIT {
    private static final String USER = "releaser:a-releasers-password@";
    private static final Duration ENOUGH = Duration.ofSeconds(20);
    private static MongodServer server;
    private static MongoClient admin;

    @BeforeAll
    static void start() {
        server = MongodServer.guardedReplicaSet("orders");
        admin = server.client();
        admin.getDatabase("admin")
                .runCommand(new Document("createUser", "releaser")
                        .append("pwd", "a-releasers-password")
                        .append("roles", List.of(new Document("role", "readWrite").append("db", "shop"))));
        admin.getDatabase("shop")
                .getCollection("slow")
                .insertMany(IntStream.range(0, 100)
                        .mapToObj(i -> new Document("_id", i))
                        .toList());
    }

    @AfterAll
    static void stop() {
        admin.close();
        server.close();
    }

    private static MongoClient tool(String user, String run) {
        return MongoClients.create(ProxiedUri.named(server.uri(user), ToolsAtWork.nameOf(run)));
    }

    private static Failure refused(Deployment source, Duration patience) {
        return catchThrowableOfType(Failure.class, () -> new ToolsAtWork(source, patience).requireNone());
    }

    @Test
    void aToolThatIsConnectedIsSeenWhereverItRunsAndOneThatHasGoneIsNot() {
        try (Deployment source = Deployments.connect(server.uri(USER), "source")) {
            var atWork = new ToolsAtWork(source, ENOUGH);
            assertThatCode(atWork::requireNone).doesNotThrowAnyException();
            try (MongoClient tool = tool(USER, "run-8")) {
                tool.getDatabase("shop").runCommand(new Document("ping", 1));
                Failure failure = refused(source, Duration.ofMillis(1));
                assertThat(failure.kind()).isEqualTo(FailureKind.LOCK_HELD);
                assertThat(failure.text())
                        .startsWith("the tool of run run-8 is connected to the server, from 127.0.0.1:");
                assertThat(failure.hint()).contains("Nothing was written");
            }
            assertThatCode(atWork::requireNone).doesNotThrowAnyException();
        }
    }

    /** The server hangs up on nobody who asked it to write: the update goes on to its end. */
    @Test
    void whatTheServerStillDoesForAToolThatIsGoneIsSeenWithTheNumberThatEndsIt() {
        try (Deployment source = Deployments.connect(server.uri(USER), "source")) {
            MongoClient tool = tool(USER, "run-9");
            MongoDatabase shop = tool.getDatabase("shop");
            Thread asking = Thread.ofVirtual().start(() -> {
                try {
                    shop.getCollection("slow")
                            .updateMany(
                                    new Document("$where", "sleep(500) || true"),
                                    new Document("$set", new Document("a", 1)));
                } catch (RuntimeException _) {
                    // It is closed under it.
                }
            });
            Patience.await("it is at work", ENOUGH, () -> works(source));
            tool.close();
            asking.interrupt();
            assertThat(works(source)).as("the client is gone").isTrue();
            String hint = refused(source, Duration.ZERO).hint();
            long number = Long.parseLong(hint.replaceFirst("(?s).*db\\.killOp\\((\\d+)\\).*", "$1"));
            admin.getDatabase("admin").runCommand(new Document("killOp", 1).append("op", number));
            assertThatCode(() -> new ToolsAtWork(source, ENOUGH).requireNone()).doesNotThrowAnyException();
        }
    }

    private static boolean works(Deployment source) {
        Failure failure = refused(source, Duration.ZERO);
        return failure != null
                && failure.text()
                        .startsWith("the server is still at work on shop.slow for the tool of run run-9, since ");
    }
}
