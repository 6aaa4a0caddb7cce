package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.model.Sorts;
import io.firedrill.archive.OplogLink;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.archive.OplogTimeline.Reason;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.storage.StoreSettings;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.OplogArchiving;
import io.firedrill.testing.OplogArchiving.Reading;
import io.firedrill.testing.Patience;
import io.firedrill.testing.SteppedStore;
import io.firedrill.testing.SteppedStore.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The archived oplog beside the source's own, as the driver reads it. */
class OplogArchiverIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static MongodServer server;
    private static MongoClient client;
    private static Deployment source;

    @TempDir
    private Path directory;

    private ObjectStore store;

    @BeforeAll
    static void start() {
        server = MongodServer.replicaSet("source");
        client = server.client();
        source = server.deployment("source");
    }

    @AfterAll
    static void stop() {
        source.close();
        client.close();
        server.close();
    }

    @BeforeEach
    void openStore() {
        store = ObjectStores.open(
                new StoreSettings(directory.resolve("store").toUri().toString(), Optional.empty(), Optional.empty()));
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void runAfterRunTheArchiveHoldsWhatTheOplogDoesAndNothingTwice() {
        for (int run = 0; run < 3; run++) {
            write(200);
            OplogArchiver archiver = OplogArchiving.once(store, Reading.of(source));
            assertThat(archiver.gaps()).isEmpty();
            assertThat(archiver.rpo()).hasValueSatisfying(rpo -> {
                assertThat(rpo.samples()).isPositive();
                assertThat(rpo.max()).isPositive().isLessThan(Duration.ofMinutes(1));
            });
        }

        OplogTimeline timeline = onlyTimeline();
        assertThat(timeline.reason()).isEqualTo(Reason.FIRST);
        List<OplogLink> links = OplogArchiving.archive(store).links(timeline);
        assertThat(links).hasSizeGreaterThan(3);
        assertThat(links.getLast().rpo()).isPresent();
        requireEqualToTheOplog(timeline, 400);
    }

    @Test
    void whatFollowsStopsWhenAskedWithEverythingStored() {
        OpTime last;
        OplogArchiver archiver;
        try (var archiving = OplogArchiving.follow(store, Reading.of(source), () -> {})) {
            archiver = archiving.archiver();
            await(
                    "it has begun",
                    () -> !OplogArchiving.archive(store).timelines().isEmpty());
            write(100);
            await("slices are stored by time", () -> archiver.figures().links() > 2);
            await("there are samples", () -> archiver.rpo().isPresent());
            last = source.fence("last");
            await(
                    "it is up to date",
                    () -> OplogArchiving.archive(store)
                                    .end(onlyTimeline())
                                    .last()
                                    .compareTo(last)
                            >= 0);
            assertThat(archiver.figures().lag())
                    .hasValueSatisfying(lag -> assertThat(lag).isLessThan(Duration.ofMinutes(1)));
        }
        assertThat(archiver.figures().entries())
                .isEqualTo(OplogArchiving.entries(store, onlyTimeline()).size());
        requireEqualToTheOplog(onlyTimeline(), 100);
    }

    /** The first link is there, and its writer is told that the store does not answer. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLinkWhoseAnswerWasLostIsGoneOnFrom(boolean stored) {
        var lose = new AtomicBoolean(true);
        Runnable lost = () -> {
            throw new Failure(FailureKind.DEPENDENCY_UNAVAILABLE, "no answer", "Wait.");
        };
        ObjectStore deaf = stored
                ? SteppedStore.after(store, key -> {
                    if (isLink(key) && lose.getAndSet(false)) {
                        lost.run();
                    }
                })
                : new SteppedStore(store, (operation, key) -> {
                    if (operation == Operation.CREATE && isLink(key) && lose.getAndSet(false)) {
                        lost.run();
                    }
                });
        lose.set(false);
        OplogArchiving.once(deaf, Reading.of(source));
        lose.set(true);
        write(200);

        OplogArchiver archiver = OplogArchiving.once(deaf, Reading.of(source));

        assertThat(lose).as("an answer is still to be lost").isFalse();
        assertThat(archiver.gaps()).isEmpty();
        requireEqualToTheOplog(onlyTimeline(), 200);
    }

    private static boolean isLink(String key) {
        return key.contains("/oplog/links/");
    }

    @Test
    void ofTwoArchiversOneWins() {
        OplogArchiving.once(store, Reading.of(source));
        var first = OplogArchiving.follow(store, Reading.of(source), () -> {});
        await("the first has written", () -> first.archiver().figures().links() > 0);
        // Without a lease between them: the store alone decides.
        var second = OplogArchiving.follow(store, Reading.of(source), () -> {});
        write(50);
        await("one has lost", () -> first.isEnded() || second.isEnded());
        OplogArchiving loser = first.isEnded() ? first : second;
        assertThatThrownBy(loser::end)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(FailureKind.LOCK_LOST));
        write(50);
        OplogArchiving winner = loser == first ? second : first;
        OpTime last = source.fence("last");
        await("the other has all of it", () -> {
            assertThat(winner.isEnded()).as("the winner has ended").isFalse();
            return winner.archiver().end().orElseThrow().at().compareTo(last) >= 0;
        });
        winner.close();
        requireEqualToTheOplog(onlyTimeline(), 100);
    }

    @Test
    void whoLosesTheLeaseWritesNothingMore() {
        OplogArchiving.once(store, Reading.of(source));
        var lost = new AtomicBoolean();
        var archiving = OplogArchiving.follow(store, Reading.of(source), () -> {
            if (lost.get()) {
                throw new Failure(FailureKind.LOCK_LOST, "lost", "Lost.");
            }
        });
        await("it has written", () -> archiving.archiver().figures().links() > 0);
        lost.set(true);
        write(10);
        assertThatThrownBy(archiving::end).cause().hasMessage("lost");
        long links = OplogArchiving.archive(store).end(onlyTimeline()).number();
        assertThat(links)
                .isEqualTo(OplogArchiving.archive(store).links(onlyTimeline()).size());
    }

    private OplogTimeline onlyTimeline() {
        List<OplogTimeline> timelines = OplogArchiving.archive(store).timelines();
        assertThat(timelines).hasSize(1);
        return timelines.getFirst();
    }

    private void requireEqualToTheOplog(OplogTimeline timeline, int least) {
        List<RawBsonDocument> archived = OplogArchiving.entries(store, timeline);
        List<RawBsonDocument> expected = client.getDatabase("local")
                .getCollection("oplog.rs", RawBsonDocument.class)
                .find(new Document("ts", new Document("$gte", timeline.begin().timestamp())))
                .sort(Sorts.ascending("$natural"))
                .into(new ArrayList<>());
        assertThat(archived)
                .hasSizeGreaterThan(least)
                .isEqualTo(expected.subList(0, Math.min(archived.size(), expected.size())));
    }

    private static void write(int documents) {
        for (int i = 0; i < documents; i++) {
            client.getDatabase("shop").getCollection("orders").insertOne(new Document("pad", "x".repeat(1_000)));
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        Patience.await(what, PATIENCE, condition);
    }
}
