package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.archive.BackupId;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.HandmadeArchive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonTimestamp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a transaction did before the backup that ends after it, on an archive of entries that are made up. */
class EarlierPartsTest {
    private static final String UNKNOWN =
            "{applyOps: [{op: 'x', ns: 'shop.orders', o: {card: '4711'}}], partialTxn: true}";
    private static final String KNOWN = "{applyOps: [{op: 'i', ns: 'shop.orders', o: {_id: 1}}], partialTxn: true}";

    @TempDir
    private Path directory;

    /** A part at 95, the backup at 100, and what ends the transaction at 102. */
    private CheckedChain checked(String part, String end, int perLink) {
        var archive = new HandmadeArchive(ObjectStores.directory(directory));
        BackupId base = archive.backup(1, new OpTime(100, 1), "set");
        List<BsonDocument> entries = new ArrayList<>(HandmadeArchive.noops(90, 94));
        entries.add(command(95, part, new BsonTimestamp()));
        entries.addAll(HandmadeArchive.noops(96, 99));
        entries.add(HandmadeArchive.fence(100, base));
        entries.addAll(HandmadeArchive.noops(101, 101));
        entries.add(command(102, end, new BsonTimestamp(95, 1)));
        archive.links(archive.timeline(1, new OpTime(90, 1), "set"), entries, perLink);
        RecoveryPlan plan =
                new RecoveryPlanner(archive.catalog(), () -> 1).plan(new RecoveryTarget.Latest(), Optional.empty());
        return new ChainCheck(archive.catalog(), plan, () -> {}).check(bytes -> {});
    }

    private static BsonDocument command(int second, String object, BsonTimestamp previous) {
        return HandmadeArchive.entry(second, 1, "c", "admin.$cmd", object)
                .append("txnNumber", new BsonInt64(5))
                .append("prevOpTime", new BsonDocument("ts", previous).append("t", new BsonInt64(1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void oneThatHoldsSomethingUnknownIsRefusedWhereverItLies(int perLink) {
        Failure failure =
                catchThrowableOfType(Failure.class, () -> checked(UNKNOWN, "{commitTransaction: 1}", perLink));

        assertThat(failure.kind()).isEqualTo(FailureKind.FORMAT_TOO_NEW);
        assertThat(failure.text()).contains("95,1", "does not know how to replay", "shop.orders");
        assertThat(failure.text()).doesNotContain("4711");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void oneOfATransactionThatIsAbortedMayHoldAnything(int perLink) {
        assertThat(checked(UNKNOWN, "{abortTransaction: 1}", perLink).entries()).isEqualTo(2);
    }

    @Test
    void oneThatIsKnownIsReadAlongFromItsOwnLink() {
        CheckedChain chain = checked(KNOWN, "{commitTransaction: 1}", 1);
        assertThat(chain.logs()).hasSize(2);
        assertThat(chain.logs().getFirst().find(new OpTime(95, 1))).isPresent();
    }
}
