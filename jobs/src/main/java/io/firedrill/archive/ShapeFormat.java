package io.firedrill.archive;

import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/** A collection's shape as BSON: options and indexes lie in it as the server gave them, byte by byte. */
final class ShapeFormat {
    private ShapeFormat() {}

    static BsonDocument toBson(CollectionShape shape) {
        var bson = new BsonDocument("database", new BsonString(shape.namespace().database()))
                .append("name", new BsonString(shape.namespace().collection()))
                .append("kind", new BsonString(shape.kind().name()));
        shape.uuid().ifPresent(uuid -> bson.append("uuid", new BsonBinary(uuid)));
        if (shape.mixedSchema()) {
            bson.append("mixedSchema", BsonBoolean.TRUE);
        }
        return bson.append("options", shape.options()).append("indexes", new BsonArray(shape.indexes()));
    }

    static CollectionShape from(BsonDocument bson) {
        Optional<UUID> uuid =
                bson.containsKey("uuid") ? Optional.of(bson.getBinary("uuid").asUuid()) : Optional.empty();
        return new CollectionShape(
                new Namespace(
                        bson.getString("database").getValue(),
                        bson.getString("name").getValue()),
                CollectionShape.Kind.valueOf(bson.getString("kind").getValue()),
                uuid,
                bson.getDocument("options"),
                bson.getArray("indexes").stream().map(BsonValue::asDocument).toList(),
                bson.getBoolean("mixedSchema", BsonBoolean.FALSE).getValue());
    }
}
