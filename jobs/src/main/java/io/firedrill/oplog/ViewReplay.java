package io.firedrill.oplog;

import io.firedrill.failure.Failure;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * Replays what was done to views, which are no collections but documents about one. A time series is a view of its buckets,
 * and may have been there without them, or they without it, for one entry.
 */
final class ViewReplay {
    private final ReplayScope scope;
    private final CatalogTarget target;

    ViewReplay(ReplayScope scope, CatalogTarget target) {
        this.scope = scope;
        this.target = target;
    }

    /** What is done to the list of views as a whole; under other names it is left to the views themselves. */
    void applyToList(CatalogEntry entry) {
        boolean same = !scope.isRenaming();
        switch (entry.command()) {
            case "create" -> {
                if (same) {
                    target.createViews(entry);
                }
            }
            case "drop" -> {
                if (same) {
                    target.dropViews(entry);
                    scope.catalog().dropViews(entry.database());
                } else {
                    viewsOf(entry.database()).forEach(this::drop);
                }
            }
            default -> throw Divergence.unknown(entry.entry(), entry.at());
        }
    }

    private List<Namespace> viewsOf(String database) {
        return scope.catalog()
                .views()
                .filter(view ->
                        scope.target(new Namespace(database, view.collection())).equals(Optional.of(view)))
                .toList();
    }

    private void drop(Namespace view) {
        target.deleteView(view);
        scope.catalog().dropView(view);
    }

    /** Whether it was done; not if the view is left out. */
    boolean apply(OplogEntry entry, OpTime at) {
        Namespace source = Namespace.parse(entry.id().asString().getValue());
        Optional<Namespace> name = scope.target(source);
        if (name.isEmpty()) {
            return false;
        }
        Namespace view = name.get();
        switch (entry.kind()) {
            case "i" -> {
                require(!scope.catalog().isTaken(view), entry, at, "the copy holds a collection or view of this name");
                target.insertView(view, put(view, entry));
            }
            case "u" -> {
                require(scope.catalog().isView(view), entry, at, "the copy holds no such view");
                if (entry.object().containsKey("$v")) {
                    throw Divergence.unknown(entry, at);
                }
                target.updateView(view, put(view, entry));
            }
            case "d" -> {
                require(scope.catalog().isView(view), entry, at, "the copy holds no such view");
                drop(view);
            }
            default -> throw Divergence.unknown(entry, at);
        }
        return true;
    }

    /** Remembers a view as the server will list it, and gives the definition that the target gets. */
    private BsonDocument put(Namespace view, OplogEntry entry) {
        BsonDocument definition = CollectionOptions.copy(entry.object());
        definition.put("_id", new BsonString(view.toString()));
        Optional<UUID> buckets = Optional.empty();
        if (new Namespace(view.database(), definition.getString("viewOn").getValue()).isBuckets()) {
            definition.put("viewOn", new BsonString(view.buckets().collection()));
            buckets = scope.catalog().named(view.buckets());
        }
        BsonDocument options = CollectionOptions.copy(definition);
        options.remove("_id");
        scope.catalog()
                .putView(buckets.flatMap(scope.catalog()::shape)
                        .map(TimeSeriesShape::of)
                        .orElseGet(() -> new CollectionShape(
                                view, CollectionShape.Kind.VIEW, Optional.empty(), options, List.of(), false)));
        return definition;
    }

    private static void require(boolean condition, OplogEntry entry, OpTime at, String why) {
        if (!condition) {
            throw diverges(entry, at, why);
        }
    }

    private static Failure diverges(OplogEntry entry, OpTime at, String why) {
        return Divergence.of(
                "'%s' of the view %s"
                        .formatted(entry.kind(), entry.id().asString().getValue()),
                at,
                why);
    }
}
