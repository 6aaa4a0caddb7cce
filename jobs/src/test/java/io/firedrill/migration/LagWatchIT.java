package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.mongo.MemberLag;
import io.firedrill.testing.MemberSet;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Patience;
import java.time.Duration;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** How far real secondaries fall behind, of which one is kept from applying what the primary writes. */
class LagWatchIT {
    private static final Duration ENOUGH = Duration.ofSeconds(90);

    private static LagWatch watch(MemberSet set, Deployment source) {
        return new LagWatch(
                new MemberLag(source, host -> Deployments.connectToMember(set.uri(), "source member", host)));
    }

    @Test
    void theMostThatASecondaryWasBehindIsToldAlsoWhenItHasCaughtUp() {
        try (var set = new MemberSet("lagging", 3);
                Deployment source = set.deployment();
                MongoClient client = set.client(0)) {
            var notes = client.getDatabase("shop").getCollection("notes").withWriteConcern(WriteConcern.W1);
            try (LagWatch watch = watch(set, source)) {
                set.stopReplication(1, true);
                Patience.await("it is seen to fall behind", ENOUGH, () -> {
                    notes.insertOne(new Document());
                    return watch.now().orElse(0) >= 2;
                });
                set.stopReplication(1, false);
                Patience.await(
                        "it is seen to catch up", ENOUGH, () -> watch.now().orElse(9) < 2);
                assertThat(watch.end().orElse(0)).isGreaterThanOrEqualTo(2);
            }
        }
    }

    @Test
    void whereThereIsNoSecondaryNothingIsTold() {
        try (MongodServer server = MongodServer.replicaSet("alone");
                Deployment source = server.deployment("source");
                LagWatch watch = new LagWatch(new MemberLag(source, _ -> source))) {
            assertThat(watch.end()).isEmpty();
            assertThat(watch.now()).isEmpty();
        }
    }
}
