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
import java.util.Optional;
import org.bson.RawBsonDocument;

/** A source at rest, loaded into a target as a restore would before it replays: documents and views, no indexes yet. */
public final class LoadedCopy {
    public static final BackupId ID = BackupId.of(Instant.EPOCH, 1);

    private final Deployment target;
    private final BackupPlan plan;
    private final List<Segment> segments = new ArrayList<>();

    private LoadedCopy(Deployment target, BackupPlan plan) {
        this.target = target;
        this.plan = plan;
    }

    /** Loads what a source holds now, which nobody may be writing to. */
    public static LoadedCopy of(MongoServers servers) {
        Deployment source = servers.source();
        OpTime at = source.fence("loaded");
        List<CollectionShape> shapes = new CatalogReader(source)
                .read().stream().filter(shape -> !shape.namespace().isSystem()).toList();
        var plan = new BackupPlan(ID, "source", source.identity(), at, Instant.EPOCH, shapes, List.of(), List.of());
        var copy = new LoadedCopy(servers.target(), plan);
        copy.load(servers);
        return copy;
    }

    private void load(MongoServers servers) {
        var builder = new CollectionBuilder(target, new StagingMarker(target));
        builder.createCollections(plan, _ -> false);
        try (MongoClient from = servers.sourceServer().client();
                MongoClient to = servers.targetServer().client()) {
            for (int i = 0; i < plan.collections().size(); i++) {
                if (plan.collections().get(i).hasDocuments()) {
                    segments.add(load(i, from, to));
                }
            }
        }
        builder.createViews(plan.data());
    }

    private Segment load(int position, MongoClient from, MongoClient to) {
        Namespace name = plan.collections().get(position).namespace();
        List<RawBsonDocument> documents = collection(from, name).find().into(new ArrayList<>());
        if (!documents.isEmpty()) {
            collection(to, name).insertMany(documents, new InsertManyOptions().bypassDocumentValidation(true));
        }
        return new Segment(
                position,
                Optional.empty(),
                Optional.empty(),
                plan.at(),
                documents.size(),
                0,
                0,
                "",
                "",
                false,
                Optional.empty());
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

    /** What a restore does after the replay. */
    public void index(ReplayScope replayed) {
        var builder = new CollectionBuilder(target, new StagingMarker(target));
        replayed.shapes().stream().filter(CollectionShape::hasDocuments).forEach(builder::createIndexes);
    }
}
