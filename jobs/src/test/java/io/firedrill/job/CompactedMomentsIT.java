package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoNamespace;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.Manifest;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.RecoveryTarget;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.Compacting;
import io.firedrill.testing.Follower;
import io.firedrill.testing.HandmadeArchive;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Synthetic backups whose moment is an entry of every sort: that entry is in the backup, and a restore that goes on from it
 * must neither apply it again nor ask for what led to it. What the source was in the end, another mongod says that applied the
 * source's oplog.
 */
class CompactedMomentsIT {
    /** One entry a link: the parts of a transaction lie in other links than its end. */
    private static final int PER_LINK = 1;

    private static final Map<Moment, OpTime> MOMENTS = new LinkedHashMap<>();

    @TempDir
    private static Path directory;

    private static MongodServer source;
    private static MongodServer staging;
    private static Follower follower;
    private static Recovery recovery;
    private static OpTime end;

    /** Something that happens, and the entry that says it. */
    enum Moment {
        TRANSACTION_IN_PARTS("applyOps"),
        TRANSACTION_PREPARED("commitTransaction"),
        CREATE("create"),
        CREATE_INDEXES("createIndexes"),
        COMMIT_INDEX_BUILD("commitIndexBuild"),
        RENAME("renameCollection"),
        COLL_MOD("collMod"),
        VIEW("shop.system.views"),
        DROP("drop"),
        INSERT("shop.kept");

        private final String entry;

        /**
         * @param entry the command of the last entry that it leaves, or the collection that this writes into
         */
        Moment(String entry) {
            this.entry = entry;
        }

        /** When its last entry of this sort was written. */
        OpTime at(List<BsonDocument> entries) {
            return entries.reversed().stream()
                    .filter(each -> (each.getString("op").getValue().equals("c")
                                    ? each.getDocument("o").getFirstKey()
                                    : each.getString("ns").getValue())
                            .equals(entry))
                    .map(each -> OpTime.of(each.getTimestamp("ts")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @BeforeAll
    static void happen() {
        source = MongodServer.replicaSet("source", "--setParameter", "enableTestCommands=1");
        staging = MongodServer.replicaSet("staging");
        follower = new Follower(source);
        recovery = new Recovery(ObjectStores.directory(directory.resolve("store")));
        try (MongoClient client = source.client();
                Deployment from = source.deployment("source")) {
            MongoDatabase shop = client.getDatabase("shop");
            shop.getCollection("kept").insertMany(List.of(document(1), document(2)));
            OpTime begin = from.fence("begin");
            Ended base = recovery.backup(from, BackupId.of(Instant.now(), 1), Set.of());
            assertThat(base.failure()).isNull();
            for (Moment moment : Moment.values()) {
                OpTime before = from.fence("before");
                happen(moment, client, shop);
                MOMENTS.put(moment, moment.at(HandmadeArchive.entries(source, before, from.fence("after"))));
            }
            shop.getCollection("kept").insertOne(document(901));
            end = from.fence("end");
            new HandmadeArchive(recovery.catalog()).archive(source, begin, end, PER_LINK);
        }
        follower.advance(end);
    }

    private static OpTime at(Moment moment) {
        return Objects.requireNonNull(MOMENTS.get(moment));
    }

    @AfterAll
    static void stop() {
        recovery.close();
        follower.close();
        staging.close();
        source.close();
    }

    private static void happen(Moment moment, MongoClient client, MongoDatabase shop) {
        switch (moment) {
            case TRANSACTION_IN_PARTS -> transactionInParts(client, shop);
            case TRANSACTION_PREPARED -> transactionPrepared(client, shop);
            case CREATE -> shop.createCollection("made");
            case CREATE_INDEXES -> shop.getCollection("made").createIndex(new Document("empty", 1));
            case COMMIT_INDEX_BUILD -> shop.getCollection("kept").createIndex(new Document("filled", 1));
            case RENAME -> shop.getCollection("made").renameCollection(new MongoNamespace("shop", "moved"));
            case COLL_MOD -> shop.runCommand(Document.parse("{collMod: 'kept', validator: {n: {$not: {$lt: 0}}}}"));
            case VIEW -> shop.createView("seen", "kept", List.of());
            case DROP -> shop.getCollection("moved").drop();
            case INSERT -> shop.getCollection("kept").insertOne(document(900));
        }
    }

    private static Document document(int id) {
        return new Document("_id", id).append("n", id);
    }

    /** Too large for one entry. */
    private static void transactionInParts(MongoClient client, MongoDatabase shop) {
        try (ClientSession session = client.startSession()) {
            session.startTransaction();
            for (int i = 10; i < 12; i++) {
                shop.getCollection("kept").insertOne(session, document(i).append("text", "x".repeat(9 << 20)));
            }
            session.commitTransaction();
        }
    }

    private static void transactionPrepared(MongoClient client, MongoDatabase shop) {
        MongoDatabase admin = client.getDatabase("admin");
        try (ClientSession session = client.startSession()) {
            session.startTransaction();
            shop.getCollection("kept").insertOne(session, document(20));
            admin.runCommand(session, Document.parse("{prepareTransaction: 1, writeConcern: {w: 'majority'}}"));
            shop.getCollection("kept").insertOne(document(21));
            admin.runCommand(
                    session,
                    new Document("commitTransaction", 1).append("commitTimestamp", session.getOperationTime()));
        }
    }

    /** Each is made out of the one before it, so that there is nothing to load twice. */
    @ParameterizedTest
    @EnumSource(Moment.class)
    void aSyntheticBackupThatEndsWithItIsABaseForWhatCameLater(Moment moment) {
        OpTime at = at(moment);
        Manifest made = new Compacting(recovery, directory.resolve("room")).made(new RecoveryTarget.At(at));
        assertThat(made.consistencyPoint()).isEqualTo(at);
        try (Deployment target = staging.deployment("staging")) {
            Ended ended = recovery.restoreTo(target, new RecoveryTarget.At(end), "from-" + moment);
            assertThat(ended.failure()).as(moment.toString()).isNull();
            assertThat(ended.record().backupId()).contains(made.id().value());
            follower.assertEqual(staging, moment.toString());
            new StagingCleaner(target, new StagingMarker(target)).clean();
        }
    }

    @Test
    void theLargeTransactionReallyHasParts() {
        List<BsonDocument> parts =
                HandmadeArchive.entries(source, new OpTime(0, 0), at(Moment.TRANSACTION_IN_PARTS)).stream()
                        .filter(entry -> entry.getDocument("o").containsKey("partialTxn"))
                        .toList();
        assertThat(parts).isNotEmpty();
    }
}
