package io.firedrill.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.Deployments;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;

class CopyReaderTest {
    private static final BackupPlan PLAN = new BackupPlan(
            new BackupId("20260101T000000Z-00000001"),
            "source",
            new DeploymentIdentity("set", "id", List.of("host:1"), List.of(), "6.0.5", "6.0", Optional.empty()),
            new OpTime(1, 1),
            Instant.EPOCH,
            List.of(new CollectionShape(
                    new Namespace("shop", "orders"),
                    CollectionShape.Kind.COLLECTION,
                    Optional.of(UUID.randomUUID()),
                    new BsonDocument(),
                    List.of(),
                    false)),
            List.of(),
            List.of());

    @Test
    void aCollectionThatWentFromTheCopyIsNoEmptyOne() {
        try (Deployment copy = Deployments.connect("mongodb://127.0.0.1:1", "staging")) {
            var reader = new CopyReader(copy, Map.of());
            Failure failure = catchThrowableOfType(
                    Failure.class,
                    () -> reader.read(PLAN, new Range(0, Optional.empty(), Optional.empty()), (_, _) -> List.of()));
            assertThat(failure.kind()).isEqualTo(FailureKind.VERIFICATION_FAILED);
            assertThat(failure.text()).contains("shop.orders is not in staging");
        }
    }
}
