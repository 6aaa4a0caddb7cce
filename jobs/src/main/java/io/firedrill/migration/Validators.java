package io.firedrill.migration;

import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * How many documents break the validator of their collection. The server holds a new validator against nothing that is there:
 * such a document fails at its next update, in somebody else's hands.
 *
 * @param broken for each collection with a validator
 */
record Validators(Map<Namespace, Long> broken) {
    private static final String VALIDATOR = "validator";

    static Validators of(Deployment deployment, String database) {
        var broken = new TreeMap<Namespace, Long>();
        for (CollectionShape shape : new CatalogReader(deployment).read(database)) {
            if (shape.hasDocuments() && isHeld(shape.options())) {
                broken.put(shape.namespace(), count(deployment, shape));
            }
        }
        return new Validators(broken);
    }

    private static boolean isHeld(BsonDocument options) {
        return options.containsKey(VALIDATOR)
                && !says(options, "validationLevel", "off")
                && !says(options, "validationAction", "warn");
    }

    private static boolean says(BsonDocument options, String name, String value) {
        return options.containsKey(name) && options.get(name).equals(new BsonString(value));
    }

    private static long count(Deployment deployment, CollectionShape shape) {
        var breaks =
                new BsonDocument("$nor", new BsonArray(List.of(shape.options().getDocument(VALIDATOR))));
        var command = new BsonDocument("count", new BsonString(shape.namespace().collection())).append("query", breaks);
        return deployment
                .run(shape.namespace().database(), command)
                .getNumber("n")
                .longValue();
    }
}
