package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
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
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that is frozen keeps its connections and answers nothing: the archiver must not wait for it for ever. */
class ArchiverFrozenMemberIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    @Test
    void theArchiverGoesOnWithoutTheMemberItReadsAndWithoutThePrimary() {
        try (ObjectStore store = ObjectStores.directory(directory.resolve("store"));
                MemberSet set = MemberSet.electable("source", 3);
                Deployment source = Deployments.connectToSource(impatient(set))) {
            try (var archiving = OplogArchiving.follow(store, reading(set, source))) {
                await("it has begun", () -> archiving.archiver().figures().links() > 0);
                int primary = set.primary();
                // One of the secondaries is the one that is read; then the primary, which takes the notes.
                for (int step : new int[] {1, 2, 0}) {
                    goOnWithout((primary + step) % 3, set, store, archiving);
                }
            }
            assertThat(OplogArchiving.archive(store).timelines()).hasSize(1);
        }
    }

    private static void goOnWithout(int frozen, MemberSet set, ObjectStore store, OplogArchiving archiving) {
        set.member(frozen).freeze(true);
        try {
            OpTime written = write(set, frozen);
            await("%s is archived".formatted(written), () -> end(store).compareTo(written) >= 0);
            assertThat(archiving.isEnded()).as("the archiver has ended").isFalse();
        } finally {
            set.member(frozen).freeze(false);
        }
    }

    /** A write that a majority has, by way of the two that are left. */
    private static OpTime write(MemberSet set, int frozen) {
        String others = String.join(
                ",",
                IntStream.range(0, 3)
                        .filter(number -> number != frozen)
                        .mapToObj(set::host)
                        .toList());
        try (MongoClient client = MongoClients.create(
                "mongodb://%s/?replicaSet=source&serverSelectionTimeoutMS=60000&socketTimeoutMS=30000"
                        .formatted(others))) {
            Document answer = client.getDatabase("admin")
                    .runCommand(Document.parse(
                            "{appendOplogNote: 1, data: {test: 1}, writeConcern: {w: 'majority', wtimeout: 30000}}"));
            return OpTime.of(answer.get("operationTime", org.bson.BsonTimestamp.class));
        }
    }

    private static OpTime end(ObjectStore store) {
        return OplogArchiving.archive(store)
                .end(OplogArchiving.archive(store).timelines().getLast())
                .last();
    }

    private static String impatient(MemberSet set) {
        return set.uri() + "&socketTimeoutMS=2000";
    }

    private static Reading reading(MemberSet set, Deployment source) {
        return new Reading(
                source, ReadFrom.SECONDARY, host -> Deployments.connectToMember(impatient(set), "source member", host));
    }

    private static void await(String what, BooleanSupplier condition) {
        Patience.await(what, PATIENCE, condition);
    }
}
