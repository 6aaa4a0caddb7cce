package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.mongo.OpTime;
import io.firedrill.testing.MemberSet;
import io.firedrill.testing.MongodServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A staging of three members that gets another primary in the middle of a replay, which may have lost what the last one confirmed. */
class StagingFailoverIT {
    private static final int DOCUMENTS = 20_000;

    @TempDir
    Path directory;

    @Test
    void aPrimaryThatHasNotGotWhatTheLastOneConfirmedEndsTheReplay() {
        long seed = System.nanoTime();
        System.out.printf("staging that loses writes: seed %d%n", seed);
        var random = new Random(seed);
        try (var bench = new Bench(directory)) {
            int slices = bench.span.slices();
            int stopped = slices / 8 + random.nextInt(slices / 4);
            int killed = slices / 2 + slices / 8 + random.nextInt(slices / 4);
            assertThatThrownBy(() -> bench.replay(slice -> {
                        if (slice == stopped) {
                            bench.stopReplication();
                        } else if (slice == killed) {
                            bench.killPrimary();
                        }
                    }))
                    .as("slices stopped %d, killed %d of %d, seed %d", stopped, killed, slices, seed)
                    .isInstanceOfSatisfying(Failure.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
                        assertThat(failure.text()).contains("has lost writes that it had confirmed");
                        assertThat(failure.hint()).contains("it starts over");
                    });
            assertThat(bench.stagingHash()).as("what was lost").isNotEqualTo(bench.sourceHash());
            assertThat(LoggedSpan.watermarks(bench.target).isResumable()).isFalse();
        }
    }

    @Test
    void aPrimaryThatHasEverythingIsReplayedOnInto() {
        try (var bench = new Bench(directory)) {
            int half = bench.span.slices() / 2;
            bench.replay(slice -> {
                if (slice == half) {
                    bench.stepDown();
                }
            });
            assertThat(bench.stagingHash()).isEqualTo(bench.sourceHash());
        }
    }

    /** A source with a log of its own, and a staging that holds what the source held before. */
    private static final class Bench implements AutoCloseable {
        private final MongodServer sourceServer = MongodServer.replicaSet("source");
        private final MemberSet staging = MemberSet.electable("staging", 3);
        private final Deployment source = sourceServer.deployment("source");
        private final Deployment target = Deployments.connect(staging.uri(), "staging");
        private final LoggedSpan span;

        Bench(Path directory) {
            try (MongoClient client = MongoClients.create(staging.uri());
                    MongoClient sourceClient = sourceServer.client()) {
                for (MongoClient each : List.of(client, sourceClient)) {
                    each.getDatabase("shop").runCommand(Document.parse("{create: 'orders'}"));
                }
                OpTime from = source.fence("begin");
                sourceClient
                        .getDatabase("shop")
                        .getCollection("orders")
                        .insertMany(IntStream.range(0, DOCUMENTS)
                                .mapToObj(i -> new Document("_id", i).append("text", "x".repeat(100)))
                                .toList());
                this.span = new LoggedSpan(source, from, source.fence("end"), directory);
            }
        }

        /** Replays all of it, and does something before a slice. */
        void replay(Consumer<Integer> before) {
            var slices = new AtomicInteger();
            span.replay(() -> before.accept(slices.incrementAndGet()))
                    .into(target, 2, LoggedSpan.watermarks(target), bytes -> {});
        }

        private List<Integer> others() {
            int primary = staging.primary();
            return IntStream.range(0, 3).filter(i -> i != primary).boxed().toList();
        }

        void stopReplication() {
            others().forEach(other -> staging.stopReplication(other, true));
        }

        void killPrimary() {
            int primary = staging.primary();
            List<Integer> others = others();
            staging.member(primary).kill();
            others.forEach(other -> staging.stopReplication(other, false));
            staging.awaitPrimaryOtherThan(primary);
        }

        void stepDown() {
            int primary = staging.primary();
            staging.stepDown(primary);
            staging.awaitPrimaryOtherThan(primary);
        }

        String sourceHash() {
            return sourceServer.dbHash("shop");
        }

        String stagingHash() {
            try (MongoClient client = MongoClients.create(staging.uri())) {
                return client.getDatabase("shop")
                        .runCommand(new Document("dbHash", 1))
                        .getString("md5");
            }
        }

        @Override
        public void close() {
            span.close();
            target.close();
            source.close();
            staging.close();
            sourceServer.close();
        }
    }
}
