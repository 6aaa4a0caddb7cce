package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.archive.OplogTimeline.Reason;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.ReadFrom;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MemberSet;
import io.firedrill.testing.OplogArchiving;
import io.firedrill.testing.OplogArchiving.Reading;
import io.firedrill.testing.Patience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writes that a primary confirmed alone and that were then rolled back: the archive, which was there all the while, has never
 * had them.
 */
class ArchiverRollbackIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int WRITES = 300;
    private static final int LOOKS = 6;
    private static final WriteConcern ALL = new WriteConcern(3).withWTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);

    @TempDir
    private Path directory;

    @Test
    void anArchiverOfThePrimaryNeverTakesWhatIsRolledBack() {
        requireNothingRolledBackIsArchived(ReadFrom.PRIMARY);
    }

    @Test
    void anArchiverOfASecondaryNeverTakesWhatIsRolledBack() {
        requireNothingRolledBackIsArchived(ReadFrom.SECONDARY);
    }

    private void requireNothingRolledBackIsArchived(ReadFrom from) {
        try (ObjectStore store = ObjectStores.directory(directory);
                MemberSet set = MemberSet.electable("source", 3);
                Deployment source = set.deployment();
                MongoClient client = MongoClients.create(set.uri())) {
            MongoCollection<Document> orders = client.getDatabase("shop").getCollection("orders");
            Reading reading =
                    new Reading(source, from, host -> Deployments.connectToMember(set.uri(), "source member", host));
            try (var archiving = OplogArchiving.follow(store, reading)) {
                await("it has begun", () -> archiving.archiver().figures().links() > 0);
                insert(orders, "before", WriteConcern.MAJORITY);
                int old = cutOff(set);
                set.awaitPrimaryOtherThan(old);
                insert(orders, "after", WriteConcern.MAJORITY);
                set.member(old).restart();
                // Confirmed by all three: the old primary, too, has the history of the others by then.
                insert(orders, "later", ALL);
                assertThat(set.member(old).rollbackFiles())
                        .as("what the old primary rolled back")
                        .isNotEmpty();
                OpTime end = source.fence("end");
                await("all is archived", () -> hasReached(archiving, end));
            }
            // What a majority has is archived, and one of the three may be behind it.
            orders.withWriteConcern(ALL).insertOne(new Document("_id", "everywhere"));

            List<OplogTimeline> timelines = OplogArchiving.archive(store).timelines();
            assertThat(timelines).extracting(OplogTimeline::reason).containsExactly(Reason.FIRST);
            List<RawBsonDocument> archived = OplogArchiving.entries(store, timelines.getFirst());
            for (int member = 0; member < 3; member++) {
                assertThat(archived)
                        .as("the archive, and the oplog of member %d", member)
                        .isEqualTo(
                                oplog(set, member, timelines.getFirst().begin()).subList(0, archived.size()));
            }
            Set<String> lost = ids("alone");
            orders.find().forEach(document -> lost.remove(document.getString("_id")));
            assertThat(lost).as("confirmed writes that were rolled back").isNotEmpty();
            assertThat(inserted(archived))
                    .containsAll(ids("before"))
                    .containsAll(ids("after"))
                    .containsAll(ids("later"))
                    .doesNotContainAnyElementsOf(lost);
            System.out.printf(
                    "read from %s: %d entries archived, %d of %d writes rolled back%n",
                    from, archived.size(), lost.size(), WRITES);
        }
    }

    /** Lets the primary confirm writes that nobody else has, and be gone. */
    private static int cutOff(MemberSet set) {
        int old = set.primary();
        List<Integer> others =
                IntStream.range(0, 3).filter(i -> i != old).boxed().toList();
        try (MongoClient alone = set.client(old)) {
            others.forEach(other -> set.stopReplication(other, true));
            insert(alone.getDatabase("shop").getCollection("orders"), "alone", WriteConcern.W1.withJournal(true));
            // An archiver that took them for true would have them now.
            long before = set.batchesAskedFor();
            await("looks of the archiver", () -> set.batchesAskedFor() >= before + LOOKS);
        }
        set.member(old).kill();
        others.forEach(other -> set.stopReplication(other, false));
        return old;
    }

    private static void insert(MongoCollection<Document> orders, String what, WriteConcern concern) {
        ids(what).stream()
                .gather(Gatherers.windowFixed(WRITES / 10))
                .map(some -> some.stream().map(id -> new Document("_id", id)).toList())
                .forEach(orders.withWriteConcern(concern)::insertMany);
    }

    private static Set<String> ids(String what) {
        var ids = new TreeSet<String>();
        IntStream.range(0, WRITES).forEach(i -> ids.add("%s-%03d".formatted(what, i)));
        return ids;
    }

    private static List<String> inserted(List<RawBsonDocument> entries) {
        return entries.stream()
                .filter(entry -> entry.getString("op").getValue().equals("i")
                        && entry.getString("ns").getValue().equals("shop.orders"))
                .map(entry -> entry.getDocument("o").getString("_id").getValue())
                .toList();
    }

    private static List<RawBsonDocument> oplog(MemberSet set, int member, OpTime from) {
        try (MongoClient client = set.client(member)) {
            return client.getDatabase("local")
                    .getCollection("oplog.rs", RawBsonDocument.class)
                    .find(new Document("ts", new Document("$gte", from.timestamp())))
                    .sort(new Document("$natural", 1))
                    .into(new ArrayList<>());
        }
    }

    private static boolean hasReached(OplogArchiving archiving, OpTime end) {
        assertThat(archiving.isEnded()).as("the archiver has ended").isFalse();
        return archiving.archiver().end().orElseThrow().at().compareTo(end) >= 0;
    }

    private static void await(String what, BooleanSupplier condition) {
        Patience.await(what, PATIENCE, condition);
    }
}
