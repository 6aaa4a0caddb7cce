package io.firedrill.migration;

import org.bson.BsonReader;
import org.bson.BsonType;
import org.jspecify.annotations.Nullable;

/**
 * The stage of a pipeline that writes what comes out of it, {@code $out} or {@code $merge}.
 *
 * @param database empty for that of the command
 */
record OutStage(String database, String collection) {

    /** Looks for it in a pipeline, which is read to its end; null where there is none. */
    static @Nullable OutStage in(BsonReader pipeline) {
        @Nullable OutStage found = null;
        pipeline.readStartArray();
        while (pipeline.readBsonType() != BsonType.END_OF_DOCUMENT) {
            @Nullable OutStage stage = stage(pipeline);
            found = stage == null ? found : stage;
        }
        pipeline.readEndArray();
        return found;
    }

    private static @Nullable OutStage stage(BsonReader pipeline) {
        @Nullable OutStage found = null;
        pipeline.readStartDocument();
        while (pipeline.readBsonType() != BsonType.END_OF_DOCUMENT) {
            switch (pipeline.readName()) {
                case "$out" -> found = target(pipeline);
                case "$merge" -> found = mergeTarget(pipeline);
                default -> pipeline.skipValue();
            }
        }
        pipeline.readEndDocument();
        return found;
    }

    /** A collection's name, or a document with what is to be done, too. */
    private static OutStage mergeTarget(BsonReader value) {
        if (value.getCurrentBsonType() != BsonType.DOCUMENT) {
            return target(value);
        }
        var target = new OutStage("", "");
        value.readStartDocument();
        while (value.readBsonType() != BsonType.END_OF_DOCUMENT) {
            if (value.readName().equals("into")) {
                target = target(value);
            } else {
                value.skipValue();
            }
        }
        value.readEndDocument();
        return target;
    }

    /** A collection's name, or a document with its database's. */
    private static OutStage target(BsonReader value) {
        if (value.getCurrentBsonType() != BsonType.DOCUMENT) {
            return new OutStage("", CommandFields.text(value));
        }
        String database = "";
        String collection = "";
        value.readStartDocument();
        while (value.readBsonType() != BsonType.END_OF_DOCUMENT) {
            switch (value.readName()) {
                case "db" -> database = CommandFields.text(value);
                case "coll" -> collection = CommandFields.text(value);
                default -> value.skipValue();
            }
        }
        value.readEndDocument();
        return new OutStage(database, collection);
    }

    String namespace(String commandDatabase) {
        return (database.isEmpty() ? commandDatabase : database) + "." + collection;
    }
}
