package io.firedrill.oplog;

import io.firedrill.mongo.CollectionShape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonString;

/** What the server shows of a time series, which it makes up out of its buckets: options, and indexes by the user's names. */
final class TimeSeriesShape {
    private static final String MIN = "control.min.";
    private static final String MAX = "control.max.";

    private TimeSeriesShape() {}

    static CollectionShape of(CollectionShape buckets) {
        BsonDocument options = CollectionOptions.copy(buckets.options());
        options.remove("validator");
        options.remove("clusteredIndex");
        BsonDocument series = options.getDocument("timeseries");
        List<BsonDocument> indexes = buckets.indexes().stream()
                .flatMap(spec -> index(spec, series).stream())
                .toList();
        return new CollectionShape(
                buckets.namespace().owner(), CollectionShape.Kind.TIMESERIES, buckets.uuid(), options, indexes, false);
    }

    /** Where the user's words cannot be told by the key, the server has kept them. */
    private static Optional<BsonDocument> index(BsonDocument spec, BsonDocument series) {
        if (spec.containsKey("originalSpec")) {
            return Optional.of(spec.getDocument("originalSpec"));
        }
        return key(spec.getDocument("key"), series).map(key -> {
            BsonDocument shown = CollectionOptions.copy(spec);
            shown.put("key", key);
            return shown;
        });
    }

    private static Optional<BsonDocument> key(BsonDocument buckets, BsonDocument series) {
        String time = series.getString("timeField").getValue();
        String meta = series.getString("metaField", new BsonString("")).getValue();
        var key = new BsonDocument();
        for (Map.Entry<String, org.bson.BsonValue> part : buckets.entrySet()) {
            String name = part.getKey();
            if (name.equals("meta") || name.startsWith("meta.")) {
                key.put(meta + name.substring("meta".length()), part.getValue());
            } else if (name.equals(MIN + time) || name.equals(MAX + time)) {
                key.put(time, part.getValue());
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(key);
    }
}
