package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.archive.OplogTimeline.Reason;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.ReadFrom;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.storage.StoreSettings;
import io.firedrill.testing.HandmadeArchive;
import io.firedrill.testing.MemberSet;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.OplogArchiving;
import io.firedrill.testing.OplogArchiving.Reading;
import io.firedrill.testing.Patience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the archive holds when the source changes its primary, and when it loses what it had. */
class ArchiverElectionsIT {
    /** How often the primary is stepped down or killed; the full size is 10. */
    private static final int ELECTIONS = Integer.getInteger("firedrill.archiver.elections", 2);

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    @Test
    void electionsLeaveNoGapAndNoEntryThatIsNotInTheOplog() {
        try (ObjectStore store = store();
                MemberSet set = MemberSet.electable("source", 3);
                Deployment source = set.deployment();
                var writers = Executors.newSingleThreadScheduledExecutor();
                MongoClient client = MongoClients.create(set.uri())) {
            MongoCollection<Document> orders = client.getDatabase("shop").getCollection("orders");
            var written = new AtomicInteger();
            var _ = writers.scheduleWithFixedDelay(() -> write(orders, written), 0, 2, TimeUnit.MILLISECONDS);
            try (var archiving = OplogArchiving.follow(store, reading(set, source))) {
                await("it has begun", () -> archiving.archiver().figures().links() > 0);
                for (int election = 0; election < ELECTIONS; election++) {
                    int before = set.primary();
                    if (election % 2 == 0) {
                        set.member(before).kill();
                        set.awaitPrimaryOtherThan(before);
                        set.member(before).restart();
                    } else {
                        set.stepDown(before);
                        set.awaitPrimaryOtherThan(before);
                    }
                    awaitArchived(store, archiving, fence(source));
                }
            }
            writers.shutdown();
            assertThat(OplogArchiving.once(store, reading(set, source)).gaps()).isEmpty();

            List<OplogTimeline> timelines = OplogArchiving.archive(store).timelines();
            assertThat(timelines).extracting(OplogTimeline::reason).containsExactly(Reason.FIRST);
            List<RawBsonDocument> archived = OplogArchiving.entries(store, timelines.getFirst());
            List<RawBsonDocument> oplog = oplog(client, timelines.getFirst().begin());
            assertThat(oplog).hasSizeGreaterThanOrEqualTo(archived.size());
            for (int i = 0; i < archived.size(); i++) {
                assertThat(archived.get(i))
                        .as("entry %d of %d", i, archived.size())
                        .isEqualTo(oplog.get(i));
            }
            assertThat(terms(archived)).as("terms").hasSizeGreaterThan(ELECTIONS);
            System.out.printf(
                    "archived %d entries over %d elections, %d writes confirmed%n",
                    archived.size(), ELECTIONS, written.get());
        }
    }

    @Test
    void aSourceThatIsSetBackBeginsANewTimelineAndSaysWhy() {
        try (ObjectStore store = store();
                MongodServer server = MongodServer.replicaSet("source");
                MongoClient client = server.client();
                Deployment source = server.deployment("source")) {
            MongoCollection<Document> orders = client.getDatabase("shop").getCollection("orders");
            OplogArchiving.once(store, Reading.of(source));
            Path copy = server.copyOfFiles();
            orders.insertOne(new Document("_id", "lost").append("pad", "x"));
            OplogArchiver before = OplogArchiving.once(store, Reading.of(source));
            OpTime lost = before.end().orElseThrow().at();
            assertThat(before.gaps()).isEmpty();

            server.goBackTo(copy);
            await("the source's clock is past what it lost", () -> fence(source).seconds() > lost.seconds());
            orders.insertOne(new Document("_id", "kept"));
            OplogArchiver after = OplogArchiving.once(store, Reading.of(source));

            assertThat(after.gaps()).singleElement().satisfies(gap -> {
                assertThat(gap.reason()).isEqualTo(Reason.ROLLED_BACK);
                assertThat(gap.number()).isEqualTo(2);
                assertThat(gap.after()).contains(lost);
                assertThat(gap.begin()).isGreaterThan(lost);
            });
            orders.insertOne(new Document("_id", "later"));
            assertThat(OplogArchiving.once(store, Reading.of(source)).gaps()).isEmpty();
            OplogTimeline second = OplogArchiving.archive(store).timelines().getLast();
            List<RawBsonDocument> archived = OplogArchiving.entries(store, second);
            assertThat(archived).isEqualTo(oplog(client, second.begin()).subList(0, archived.size()));
            assertThat(archived.toString()).contains("later").doesNotContain("lost");
        }
    }

    /** As after a set was put back to a snapshot together with its clock. */
    @Test
    void anArchiveThatIsAheadOfItsSourceIsNotUpToDate() {
        try (ObjectStore store = store();
                MongodServer server = MongodServer.replicaSet("source");
                Deployment source = server.deployment("source")) {
            OpTime now = OplogArchiving.once(store, Reading.of(source))
                    .end()
                    .orElseThrow()
                    .at();
            var archive = new HandmadeArchive(new BackupCatalog(store, "source"));
            OplogTimeline first = archive.archive().timelines().getFirst();
            var ahead = new OpTime(now.seconds() + 600, 1);
            archive.link(first, List.of(HandmadeArchive.entry((int) ahead.seconds(), 1, "n", "", "{msg: 'lost'}")));

            OplogArchiver after = OplogArchiving.once(store, Reading.of(source));

            assertThat(after.gaps()).singleElement().satisfies(gap -> {
                assertThat(gap.reason()).isEqualTo(Reason.ROLLED_BACK);
                assertThat(gap.after()).contains(ahead);
            });
            OplogTimeline second = archive.archive().timelines().getLast();
            assertThat(OplogArchiving.entries(store, second))
                    .as("what is archived of the new timeline")
                    .isNotEmpty();
        }
    }

    @Test
    void anotherReplicaSetBeginsANewTimeline() {
        try (ObjectStore store = store()) {
            OpTime last;
            try (MongodServer server = MongodServer.replicaSet("source");
                    Deployment source = server.deployment("source")) {
                last = OplogArchiving.once(store, Reading.of(source))
                        .end()
                        .orElseThrow()
                        .at();
            }
            try (MongodServer server = MongodServer.replicaSet("source");
                    Deployment source = server.deployment("source")) {
                assertThat(OplogArchiving.once(store, Reading.of(source)).gaps())
                        .singleElement()
                        .satisfies(gap -> {
                            assertThat(gap.reason()).isEqualTo(Reason.OTHER_SOURCE);
                            assertThat(gap.after()).contains(last);
                        });
            }
        }
    }

    @Test
    void anotherReplicaSetIsAskedNothingAndGetsNoTimelineBeforeItIsAccepted() {
        try (ObjectStore store = store();
                MongodServer known = MongodServer.replicaSet("source");
                MongodServer unknown = MongodServer.replicaSet("source");
                MongoClient client = unknown.client();
                Deployment before = known.deployment("source");
                Deployment now = unknown.deployment("source")) {
            var catalog = new BackupCatalog(store, "source");
            catalog.remember(before.identity());
            OplogArchiving.onceOfKnown(store, Reading.of(before));

            assertThatThrownBy(() -> OplogArchiving.onceOfKnown(store, Reading.of(now)))
                    .isInstanceOfSatisfying(
                            Failure.class,
                            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID));
            assertThat(catalog.oplog().timelines()).hasSize(1);
            assertThat(oplog(client, new OpTime(0, 0)).toString()).doesNotContain("firedrill");
        }
    }

    private static Reading reading(MemberSet set, Deployment source) {
        return new Reading(
                source, ReadFrom.SECONDARY, host -> Deployments.connectToMember(set.uri(), "source member", host));
    }

    private ObjectStore store() {
        return ObjectStores.open(
                new StoreSettings(directory.resolve("store").toUri().toString(), Optional.empty(), Optional.empty()));
    }

    private static void write(MongoCollection<Document> orders, AtomicInteger written) {
        try {
            orders.withWriteConcern(WriteConcern.W1).insertOne(new Document("pad", "x".repeat(200)));
            written.incrementAndGet();
        } catch (MongoException _) {
            // There is no primary just now; what was not confirmed is not counted.
        }
    }

    private static List<RawBsonDocument> oplog(MongoClient client, OpTime from) {
        return client.getDatabase("local")
                .getCollection("oplog.rs", RawBsonDocument.class)
                .find(new Document("ts", new Document("$gte", from.timestamp())))
                .sort(new Document("$natural", 1))
                .into(new ArrayList<>());
    }

    private static List<Long> terms(List<RawBsonDocument> entries) {
        return entries.stream()
                .map(entry -> entry.getInt64("t").getValue())
                .distinct()
                .toList();
    }

    private static OpTime fence(Deployment source) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return source.fence("test");
            } catch (Failure failure) {
                assertThat(System.nanoTime())
                        .as("a primary: %s", failure.text())
                        .isLessThan(deadline);
            }
        }
    }

    private static void awaitArchived(ObjectStore store, OplogArchiving archiving, OpTime until) {
        await(
                "%s is archived".formatted(until),
                () -> OplogArchiving.archive(store)
                                .end(OplogArchiving.archive(store).timelines().getLast())
                                .last()
                                .compareTo(until)
                        >= 0);
        assertThat(archiving.isEnded()).as("the archiver has ended").isFalse();
    }

    private static void await(String what, BooleanSupplier condition) {
        Patience.await(what, PATIENCE, condition);
    }
}
