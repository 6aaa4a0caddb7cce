package io.firedrill.testing;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.InsertManyOptions;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Segment;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.ReplayScope;
import io.firedrill.restore.CollectionBuilder;
import io.firedrill.restore.StagingMarker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.bson.RawBsonDocument;

/** A source at rest, to be loaded into a target as a restore does before it replays: documents and views, no indexes yet. */
public final class LoadedCopy {
    public static final BackupId ID = BackupId.of(Instant.EPOCH, 1);

    private final Deployment target;
    private final BackupPlan plan;
    private final Map<Namespace, List<RawBsonDocument>> documents = new TreeMap<>();
    private final List<Segment> segments = new ArrayList<>();

    private LoadedCopy(Deployment target, BackupPlan plan) {
        this.target = target;
        this.plan = plan;
    }

    /** Takes what a source holds now, which nobody may be writing to. */
    public static LoadedCopy of(MongoServers servers) {
        Deployment source = servers.source();
        OpTime at = source.fence("loaded");
        List<CollectionShape> shapes = new CatalogReader(source)
                .read().stream().filter(shape -> !shape.namespace().isSystem()).toList();
        var plan = new BackupPlan(ID, "source", source.identity(), at, Instant.EPOCH, shapes, List.of(), List.of());
        var copy = new LoadedCopy(servers.target(), plan);
        try (MongoClient client = servers.sourceServer().client()) {
            for (int i = 0; i < shapes.size(); i++) {
                if (shapes.get(i).hasDocuments()) {
                    copy.take(i, client);
                }
            }
        }
        return copy;
    }

    private void take(int position, MongoClient client) {
        Namespace name = plan.collections().get(position).namespace();
        List<RawBsonDocument> found = collection(client, name).find().into(new ArrayList<>());
        documents.put(name, found);
        segments.add(new Segment(
                position,
                Optional.empty(),
                Optional.empty(),
                plan.at(),
                found.size(),
                0,
                0,
                "",
                "",
                false,
                Optional.empty()));
    }

    /** Loads it into the target, which has to be empty. */
    public LoadedCopy load(MongoServers servers) {
        var builder = new CollectionBuilder(target, new StagingMarker(target));
        builder.createCollections(plan, _ -> false);
        try (MongoClient client = servers.targetServer().client()) {
            documents.forEach((name, all) -> {
                if (!all.isEmpty()) {
                    collection(client, name).insertMany(all, new InsertManyOptions().bypassDocumentValidation(true));
                }
            });
        }
        builder.createViews(plan.data());
        return this;
    }

    private static MongoCollection<RawBsonDocument> collection(MongoClient client, Namespace name) {
        return client.getDatabase(name.database()).getCollection(name.collection(), RawBsonDocument.class);
    }

    public OpTime at() {
        return plan.at();
    }

    public ReplayScope scope() {
        return new ReplayScope(plan, segments);
    }

    /** The same, where only some of it is wanted or it gets other names. */
    public ReplayScope scope(Function<Namespace, Optional<Namespace>> names) {
        return new ReplayScope(plan, segments, names);
    }

    /** What a restore does after the replay. */
    public void index(ReplayScope replayed) {
        var builder = new CollectionBuilder(target, new StagingMarker(target));
        replayed.shapes().stream().filter(CollectionShape::hasDocuments).forEach(builder::createIndexes);
    }
}
