package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.model.Filters;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.RecoveryTarget;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.HandmadeArchive;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real backup and a real oplog after it, spoilt in every way that can be thought of: refused before the first write. */
class BadLogsIT {
    private static final int PER_LINK = 20;

    @TempDir
    private static Path backedUp;

    private static MongodServer sourceServer;
    private static MongodServer stagingServer;
    private static Deployment staging;
    private static String replicaSetId;
    private static OpTime begin;
    private static OpTime end;
    private static List<BsonDocument> entries;

    @TempDir
    private Path directory;

    /** What is done to the log, and what the refusal must say. */
    enum Bad {
        SLICE_MISSING(FailureKind.BACKUP_DAMAGED, "sources/source/oplog/data/|is missing"),
        SLICE_TRUNCATED(FailureKind.BACKUP_DAMAGED, "sources/source/oplog/data/"),
        SLICE_CHANGED(FailureKind.BACKUP_DAMAGED, "sources/source/oplog/data/"),
        LINK_MISSING(FailureKind.BACKUP_DAMAGED, "links 3 to 3 are missing"),
        LINKS_EXCHANGED(FailureKind.BACKUP_DAMAGED, "oplog/links/000001/000000003|it is link 4 of timeline 1"),
        LINK_CHANGED(FailureKind.BACKUP_DAMAGED, "oplog/links/000001/000000003|checksum"),
        TERM_GOES_DOWN(FailureKind.BACKUP_DAMAGED, "is of term 0 and follows one of term"),
        ENTRIES_OUT_OF_ORDER(FailureKind.BACKUP_DAMAGED, "link 2|follows"),
        ENTRY_TWICE(FailureKind.BACKUP_DAMAGED, "link 2|follows"),
        ENTRIES_CUT_OFF(FailureKind.BACKUP_DAMAGED, "it ends with"),
        UNKNOWN_COMMAND(FailureKind.FORMAT_TOO_NEW, "does not know how to replay|reshardEverything"),
        UNKNOWN_CHANGE_OF_A_COLLECTION(FailureKind.FORMAT_TOO_NEW, "does not know how to replay|collMod"),
        UNKNOWN_CHANGE_OF_A_VIEW(FailureKind.FORMAT_TOO_NEW, "does not know how to replay|shop.system.views"),
        PART_OF_TRANSACTION_MISSING(FailureKind.BACKUP_DAMAGED, "transaction"),
        ANOTHER_HISTORY(FailureKind.TARGET_UNREACHABLE, "it is of another history"),
        ANOTHER_REPLICA_SET(FailureKind.TARGET_UNREACHABLE, "no sealed backup lies in an archived oplog");

        private final FailureKind kind;
        /** Words of the refusal, with a bar between them. */
        private final String said;

        Bad(FailureKind kind, String said) {
            this.kind = kind;
            this.said = said;
        }
    }

    @BeforeAll
    static void live() {
        sourceServer = MongodServer.replicaSet("source");
        stagingServer = MongodServer.replicaSet("staging");
        staging = stagingServer.deployment("staging");
        try (Deployment source = sourceServer.deployment("source");
                ObjectStore store = ObjectStores.directory(backedUp);
                var recovery = new Recovery(store)) {
            replicaSetId = source.identity().replicaSetId();
            insert(0, 50);
            begin = source.fence("begin");
            recovery.backup(source, 1);
            insert(50, 150);
            largeTransaction();
            insert(200, 50);
            end = source.fence("end");
            entries = HandmadeArchive.entries(sourceServer, begin, end);
        }
    }

    @AfterAll
    static void stop() {
        staging.close();
        sourceServer.close();
        stagingServer.close();
    }

    private static void insert(int first, int count) {
        try (MongoClient client = sourceServer.client()) {
            client.getDatabase("shop")
                    .getCollection("orders")
                    .insertMany(IntStream.range(first, first + count)
                            .mapToObj(i -> new Document("_id", i))
                            .toList());
        }
    }

    /** In parts, since one entry does not hold it. */
    private static void largeTransaction() {
        try (MongoClient client = sourceServer.client();
                ClientSession session = client.startSession()) {
            var orders = client.getDatabase("shop").getCollection("orders");
            session.startTransaction();
            for (int i = 1_000; i < 1_004; i++) {
                orders.insertOne(session, new Document("_id", i).append("text", "x".repeat(9_000_000)));
            }
            session.commitTransaction();
        }
    }

    @ParameterizedTest
    @EnumSource(Bad.class)
    void aBadLogIsNamedBeforeTheFirstWrite(Bad bad) throws IOException {
        copy();
        try (ObjectStore store = ObjectStores.directory(directory);
                var recovery = new Recovery(store)) {
            spoil(bad, new HandmadeArchive(recovery.catalog()));
            long before = writes();

            Failure failure = refused(recovery);

            assertThat(failure.kind()).as(failure.text()).isEqualTo(bad.kind);
            assertThat(failure.text()).contains(bad.said.split("\\|", -1));
            assertThat(failure.hint()).isNotBlank();
            assertThat(writes()).as("writes to staging").isEqualTo(before);
        }
    }

    @Test
    void theSameLogUnspoiltIsRestored() throws IOException {
        copy();
        try (ObjectStore store = ObjectStores.directory(directory);
                var recovery = new Recovery(store)) {
            archived(new HandmadeArchive(recovery.catalog()), entries);

            Ended ended = recovery.restoreTo(staging, new RecoveryTarget.At(end), "good");

            assertThat(ended.failure()).isNull();
            assertThat(stagingServer.dbHash("shop")).isEqualTo(sourceServer.dbHash("shop"));
            new StagingCleaner(staging, new StagingMarker(staging)).clean();
        }
    }

    private static Failure refused(Recovery recovery) {
        Ended[] ended = new Ended[1];
        Throwable thrown =
                catchThrowable(() -> ended[0] = recovery.restoreTo(staging, new RecoveryTarget.At(end), "bad"));
        Throwable failure = thrown == null ? ended[0].failure() : thrown;
        assertThat(failure).isNotNull();
        return Failure.in(failure).orElseThrow(() -> new AssertionError("no failure of ours", failure));
    }

    private void spoil(Bad bad, HandmadeArchive archive) {
        switch (bad) {
            case ANOTHER_REPLICA_SET -> archive.links(archive.timeline(1, begin, "another"), entries, PER_LINK);
            case TERM_GOES_DOWN,
                    UNKNOWN_COMMAND,
                    UNKNOWN_CHANGE_OF_A_COLLECTION,
                    UNKNOWN_CHANGE_OF_A_VIEW,
                    PART_OF_TRANSACTION_MISSING,
                    ANOTHER_HISTORY -> archived(archive, changed(bad));
            case ENTRIES_OUT_OF_ORDER, ENTRY_TWICE, ENTRIES_CUT_OFF -> lying(bad, archive);
            default -> {
                archived(archive, entries);
                spoilFiles(bad);
            }
        }
    }

    private static void archived(HandmadeArchive archive, List<BsonDocument> all) {
        archive.links(archive.timeline(1, begin, replicaSetId), all, PER_LINK);
    }

    /** An archive whose links and digests are all in order, of a log that is not. */
    private static List<BsonDocument> changed(Bad bad) {
        List<BsonDocument> all = new ArrayList<>(entries);
        int last = all.size() - 2;
        switch (bad) {
            case TERM_GOES_DOWN -> all.set(last, copy(all.get(last)).append("t", new BsonInt64(0)));
            case UNKNOWN_COMMAND ->
                all.set(last, other(all.get(last), "c", "shop.$cmd", "{reshardEverything: 'orders', card: '4711'}"));
            case UNKNOWN_CHANGE_OF_A_COLLECTION ->
                all.set(last, other(all.get(last), "c", "shop.$cmd", "{collMod: 'orders', tableSpace: 'fast'}"));
            case UNKNOWN_CHANGE_OF_A_VIEW ->
                all.set(
                        last,
                        other(all.get(last), "u", "shop.system.views", "{$v: 2, diff: {u: {viewOn: 'orders'}}}")
                                .append("o2", BsonDocument.parse("{_id: 'shop.seen'}")));
            case PART_OF_TRANSACTION_MISSING ->
                all.removeIf(entry -> entry.getDocument("o").containsKey("partialTxn")
                        && entry.getDocument("prevOpTime").getTimestamp("ts").equals(new BsonTimestamp()));
            case ANOTHER_HISTORY -> {
                var mine = new BsonString(Recovery.id(1).value());
                all.replaceAll(entry -> entry.getDocument("o").containsValue(mine)
                        ? copy(entry).append("o", BsonDocument.parse("{msg: 'periodic noop'}"))
                        : entry);
            }
            default -> throw new IllegalArgumentException(bad.name());
        }
        return all;
    }

    private static BsonDocument other(BsonDocument entry, String kind, String namespace, String object) {
        return copy(entry)
                .append("op", new BsonString(kind))
                .append("ns", new BsonString(namespace))
                .append("o", BsonDocument.parse(object));
    }

    /** One whose last link says something else of its entries than they say themselves. */
    private static void lying(Bad bad, HandmadeArchive archive) {
        OplogTimeline timeline = archive.timeline(1, begin, replicaSetId);
        int half = entries.size() / 2;
        archive.link(timeline, entries.subList(0, half));
        List<BsonDocument> rest = new ArrayList<>(entries.subList(half, entries.size()));
        switch (bad) {
            case ENTRIES_OUT_OF_ORDER -> Collections.swap(rest, 3, 4);
            case ENTRY_TWICE -> rest.add(4, rest.get(3));
            case ENTRIES_CUT_OFF -> rest.removeLast();
            default -> throw new IllegalArgumentException(bad.name());
        }
        archive.link(timeline, rest, OpTime.of(rest.getFirst().getTimestamp("ts")), end);
    }

    private void spoilFiles(Bad bad) {
        try {
            Path slice = files("sources/source/oplog/data").getFirst();
            List<Path> links = files("sources/source/oplog/links");
            byte[] third = Files.readAllBytes(links.get(2));
            switch (bad) {
                case SLICE_MISSING -> Files.delete(slice);
                case SLICE_TRUNCATED -> Files.write(slice, cut(Files.readAllBytes(slice)));
                case SLICE_CHANGED -> Files.write(slice, flipped(Files.readAllBytes(slice)));
                case LINK_MISSING -> Files.delete(links.get(2));
                case LINKS_EXCHANGED -> {
                    Files.write(links.get(2), Files.readAllBytes(links.get(3)));
                    Files.write(links.get(3), third);
                }
                case LINK_CHANGED -> Files.write(links.get(2), flipped(third));
                default -> throw new IllegalArgumentException(bad.name());
            }
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static byte[] cut(byte[] bytes) {
        return java.util.Arrays.copyOf(bytes, bytes.length - 7);
    }

    private static byte[] flipped(byte[] bytes) {
        bytes[bytes.length - 9] ^= 1;
        return bytes;
    }

    private List<Path> files(String below) throws IOException {
        try (Stream<Path> found = Files.walk(directory.resolve(below))) {
            return found.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private void copy() throws IOException {
        try (Stream<Path> found = Files.walk(backedUp)) {
            for (Path path : found.sorted().toList()) {
                Path to = directory.resolve(backedUp.relativize(path).toString());
                if (!Files.exists(to)) {
                    Files.copy(path, to);
                }
            }
        }
    }

    private static BsonDocument copy(BsonDocument entry) {
        var copy = new BsonDocument();
        entry.forEach(copy::append);
        return copy;
    }

    /** How many entries a restore has left in staging's own oplog. */
    private static long writes() {
        try (MongoClient client = stagingServer.client()) {
            return client.getDatabase("local").getCollection("oplog.rs").countDocuments(Filters.ne("op", "n"));
        }
    }
}
