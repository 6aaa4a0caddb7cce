package io.firedrill.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Segment;
import io.firedrill.evidence.CollectionFact;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.CollectionShape.Kind;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a proof says of a collection whose segments are read back by many, of whom each ends when it ends. */
class RestoreVerifierTest {
    private static final OpTime AT = new OpTime(1, 1);
    private static final String ORDINARY = "{}";

    private static CollectionShape shape(String options) {
        return new CollectionShape(
                Namespace.parse("shop.orders"),
                Kind.COLLECTION,
                Optional.of(new UUID(1, 2)),
                BsonDocument.parse(options),
                List.of(),
                false);
    }

    private static BackupPlan plan(CollectionShape shape) {
        return new BackupPlan(
                new BackupId("20260101T000000Z-00000001"),
                "source",
                new DeploymentIdentity("set", "id", List.of("host:1"), List.of(), "6.0.5", "6.0", Optional.empty()),
                AT,
                Instant.EPOCH,
                List.of(shape),
                List.of(),
                List.of());
    }

    private static SegmentProof proof(Optional<BsonValue> min, Optional<BsonValue> max, String sha256) {
        var segment = new Segment(
                0,
                min.map(RestoreVerifierTest::bound),
                max.map(RestoreVerifierTest::bound),
                AT,
                1,
                10,
                5,
                sha256,
                sha256,
                false,
                Optional.empty());
        return new SegmentProof(segment, sha256, sha256, 1);
    }

    private static BsonDocument bound(BsonValue id) {
        return new BsonDocument("_id", id);
    }

    private static CollectionFact fact(String options, List<SegmentProof> proofs) {
        CollectionShape shape = shape(options);
        return new RestoreVerifier(plan(shape), List.of(shape), proofs, Map.of())
                .collections(Map.of())
                .getFirst();
    }

    @Test
    void theDigestOfACollectionIsTheSameInWhateverOrderItsRangesWereReadBack() {
        long seed = new Random().nextLong();
        System.out.println("order of ranges: seed " + seed);
        var random = new Random(seed);
        List<BsonValue> bounds = List.of(new BsonInt32(7), new BsonInt32(70), new BsonString("a"), new BsonString("b"));
        List<SegmentProof> inOrder = new ArrayList<>();
        for (int i = 0; i <= bounds.size(); i++) {
            inOrder.add(proof(
                    i == 0 ? Optional.empty() : Optional.of(bounds.get(i - 1)),
                    i == bounds.size() ? Optional.empty() : Optional.of(bounds.get(i)),
                    Integer.toString(i).repeat(64)));
        }
        CollectionFact fact = fact(ORDINARY, inOrder);
        for (int turn = 0; turn < 100; turn++) {
            List<SegmentProof> shuffled = new ArrayList<>(inOrder);
            Collections.shuffle(shuffled, random);
            assertThat(fact(ORDINARY, shuffled)).isEqualTo(fact);
        }
        // By sha256sum: nobody need take our word for which order it is.
        assertThat(fact.digest()).isEqualTo("c32c60739c62043d6f29e34547bd9faa6701065142ef23f9b6b5c3d777ff7a69");
    }

    @Test
    void twoRangesThatHaveChangedPlacesAreAnotherState() {
        var seven = Optional.<BsonValue>of(new BsonInt32(7));
        CollectionFact one = fact(
                ORDINARY,
                List.of(
                        proof(Optional.empty(), seven, "a".repeat(64)),
                        proof(seven, Optional.empty(), "b".repeat(64))));
        CollectionFact other = fact(
                ORDINARY,
                List.of(
                        proof(Optional.empty(), seven, "b".repeat(64)),
                        proof(seven, Optional.empty(), "a".repeat(64))));
        assertThat(one.digest()).isNotEqualTo(other.digest());
    }

    /** One unit reads it, as it lies there; where it was cut is no bound to read by. */
    @ParameterizedTest
    @ValueSource(strings = {"{capped: true, size: 1000}", "{collation: {locale: 'en'}}"})
    void aSequenceKeepsTheOrderInWhichItWasRead(String options) {
        SegmentProof first = proof(Optional.empty(), Optional.of(new BsonString("c")), "a".repeat(64));
        SegmentProof second = proof(Optional.of(new BsonString("c")), Optional.of(new BsonString("B")), "b".repeat(64));
        SegmentProof third = proof(Optional.of(new BsonString("B")), Optional.empty(), "c".repeat(64));

        assertThat(fact(options, List.of(first, second, third)).digest())
                .isEqualTo("b20dd8bdd812e18599a5f4b49437265f5ef51619181f1b0f6f57775bf1fbae60");
    }
}
