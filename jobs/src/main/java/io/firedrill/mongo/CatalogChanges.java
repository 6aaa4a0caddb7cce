package io.firedrill.mongo;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.UuidRepresentation;

/** Finds in a deployment's oplog what was created, dropped, renamed or altered between two fences. */
public record CatalogChanges(Deployment deployment) {
    private static final BsonDocument ABSENT = new BsonDocument("$exists", BsonBoolean.FALSE);

    /** Views are documents of a collection of the server's own: what defines them is written, not commanded. */
    private static final BsonRegularExpression VIEWS = new BsonRegularExpression("^[^.]+\\.system\\.views$");

    /** The first change of anything. */
    public Optional<CatalogChange> first(OpTime after, OpTime until) {
        return search(after, until, any());
    }

    /** The first change after which one of the collections is not what or where it was. */
    public Optional<CatalogChange> firstOf(Set<UUID> collections, OpTime after, OpTime until) {
        var uuid = new BsonDocument(
                "$in",
                new BsonArray(collections.stream()
                        .map(each -> new BsonBinary(each, UuidRepresentation.STANDARD))
                        .toList()));
        var touched = new BsonDocument(
                "$or",
                new BsonArray(List.of(
                        new BsonDocument("ui", uuid),
                        new BsonDocument("o.dropTarget", uuid),
                        new BsonDocument("o.applyOps.ui", uuid))));
        return search(after, until, new BsonDocument("$and", new BsonArray(List.of(any(), touched))));
    }

    /** All changes, in order. */
    public List<CatalogChange> all(OpTime after, OpTime until) {
        return new OplogSearch(deployment)
                .all(after, until, any()).stream().map(CatalogChange::of).toList();
    }

    private Optional<CatalogChange> search(OpTime after, OpTime until, BsonDocument condition) {
        return new OplogSearch(deployment).first(after, until, condition).map(CatalogChange::of);
    }

    private static BsonDocument any() {
        var plain = new BsonDocument("op", new BsonString("c"))
                .append("o.applyOps", ABSENT)
                .append("o.commitTransaction", ABSENT)
                .append("o.abortTransaction", ABSENT);
        var inTransaction = new BsonDocument("o.applyOps.op", new BsonString("c"));
        var views = new BsonDocument("ns", VIEWS).append("op", new BsonDocument("$ne", new BsonString("c")));
        var access = new BsonDocument(
                        "ns",
                        new BsonDocument(
                                "$in",
                                new BsonArray(List.of(
                                        new BsonString(Namespace.USERS.toString()),
                                        new BsonString(Namespace.ROLES.toString())))))
                .append("op", new BsonDocument("$ne", new BsonString("c")));
        return new BsonDocument("$or", new BsonArray(List.of(plain, inTransaction, views, access)));
    }
}
