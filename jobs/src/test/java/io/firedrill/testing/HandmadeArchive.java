package io.firedrill.testing;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.lte;

import com.mongodb.client.MongoClient;
import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogChainEnd;
import io.firedrill.archive.OplogSpan.Slice;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.archive.SegmentWriter;
import io.firedrill.archive.Synthetic;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.ObjectStore;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** Backups without data and an archived oplog of entries that are made up, for tests of what is told from them. */
public final class HandmadeArchive {
    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

    private final BackupCatalog catalog;

    public HandmadeArchive(ObjectStore store) {
        this(new BackupCatalog(store, "shop"));
    }

    public HandmadeArchive(BackupCatalog catalog) {
        this.catalog = catalog;
    }

    /** What a server's oplog holds from one moment to another, as the server gives it. */
    public static List<BsonDocument> entries(MongodServer server, OpTime from, OpTime to) {
        try (MongoClient client = server.client()) {
            return client.getDatabase("local")
                    .getCollection("oplog.rs", RawBsonDocument.class)
                    .find(and(gte("ts", from.timestamp()), lte("ts", to.timestamp())))
                    .into(new ArrayList<BsonDocument>());
        }
    }

    /** A timeline of a server's oplog, in links of so many entries each. */
    public OplogTimeline archive(MongodServer server, OpTime from, OpTime to, int entriesPerLink) {
        try (Deployment source = server.deployment("source")) {
            OplogTimeline timeline = timeline(1, from, source.identity().replicaSetId());
            links(timeline, entries(server, from, to), entriesPerLink);
            return timeline;
        }
    }

    public void links(OplogTimeline timeline, List<BsonDocument> entries, int entriesPerLink) {
        for (int i = 0; i < entries.size(); i += entriesPerLink) {
            link(timeline, entries.subList(i, Math.min(i + entriesPerLink, entries.size())));
        }
    }

    public BackupCatalog catalog() {
        return catalog;
    }

    public OplogArchive archive() {
        return catalog.oplog();
    }

    private static DeploymentIdentity identity(String replicaSetId) {
        return new DeploymentIdentity("rs0", replicaSetId, List.of("a:1"), List.of(), "6.0.5", "6.0", Optional.empty());
    }

    /** A sealed backup of nothing. */
    public BackupId backup(int number, OpTime at, String replicaSetId) {
        return backup(number, at, replicaSetId, Optional.empty());
    }

    /** A sealed backup of nothing, of which its maker says how it was made. */
    public BackupId backup(int number, OpTime at, String replicaSetId, Optional<Synthetic> synthetic) {
        var id = new BackupId("20260101T000000Z-%08x".formatted(number));
        catalog.write(new BackupPlan(
                id, "shop", identity(replicaSetId), at, NOW, List.of(), List.of(), List.of(), synthetic));
        var none = new Manifest.Totals(0, 0, 0, 0, 0, 0, 0);
        catalog.write(new Manifest(
                id,
                "shop",
                at,
                NOW,
                NOW,
                catalog.planSha256(id),
                List.of(),
                none,
                Optional.empty(),
                List.of(),
                synthetic));
        return id;
    }

    public OplogTimeline timeline(int number, OpTime begin, String replicaSetId) {
        List<OplogTimeline> before = archive().timelines();
        var timeline = new OplogTimeline(
                number,
                identity(replicaSetId),
                begin,
                1,
                NOW,
                before.isEmpty() ? OplogTimeline.Reason.FIRST : OplogTimeline.Reason.ROLLED_OVER,
                before.isEmpty()
                        ? Optional.empty()
                        : Optional.of(archive().end(before.getLast()).last()));
        if (!archive().begin(timeline)) {
            throw new IllegalStateException("timeline %d is there".formatted(number));
        }
        return timeline;
    }

    /** One link of these entries, as they are; the link says of its first and last what they say. */
    public void link(OplogTimeline timeline, List<BsonDocument> entries) {
        link(timeline, entries, timeOf(entries.getFirst()), timeOf(entries.getLast()));
    }

    /** One link that says what it likes of its first and last entry. */
    public void link(OplogTimeline timeline, List<BsonDocument> entries, OpTime first, OpTime last) {
        var writer = new SegmentWriter();
        for (BsonDocument entry : entries) {
            var raw = entry instanceof RawBsonDocument given
                    ? given
                    : new RawBsonDocument(entry, new BsonDocumentCodec());
            ByteBuffer bytes = raw.getByteBuffer().asNIO();
            writer.add(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        }
        var stored = archive().slices().put(writer, Map.of());
        var slice = new Slice(first, stored.segment(0, Optional.empty(), Optional.empty(), last, writer));
        OplogChainEnd end = archive().end(timeline);
        long term = entries.getLast().getInt64("t", new BsonInt64(1)).getValue();
        if (archive().append(end.link(slice, term, 1, NOW, Optional.empty())).isEmpty()) {
            throw new IllegalStateException("the link is there");
        }
    }

    private static OpTime timeOf(BsonDocument entry) {
        return OpTime.of(entry.getTimestamp("ts"));
    }

    /** No-ops, one a second. */
    public static List<BsonDocument> noops(int first, int last) {
        var entries = new ArrayList<BsonDocument>();
        for (int second = first; second <= last; second++) {
            entries.add(entry(second, 1, "n", "", "{msg: 'periodic noop'}"));
        }
        return entries;
    }

    /** An entry of term 1. */
    public static BsonDocument entry(int second, int increment, String kind, String namespace, String object) {
        return BsonDocument.parse(
                "{op: '%s', ns: '%s', ts: {$timestamp: {t: %d, i: %d}}, t: {$numberLong: '1'}, v: {$numberLong: '2'}, wall: {$date: {$numberLong: '%d'}}, o: %s}"
                        .formatted(kind, namespace, second, increment, second * 1000L + 5, object));
    }

    /** The note that a backup leaves at its consistency point. */
    public static BsonDocument fence(int second, BackupId backup) {
        return entry(second, 1, "n", "", "{firedrill: '%s'}".formatted(backup));
    }
}
