package io.firedrill.migration;

import java.util.List;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;

/** Mongock's, of which each change has more than one row, and Mongock some of its own. */
record MongockBooks(MongockOptions options) implements Bookkeeping {
    @Override
    public Set<String> collections() {
        return Set.of(options.changelog(), options.lockCollection());
    }

    @Override
    public String changelog() {
        return options.changelog();
    }

    @Override
    public String idField() {
        return "changeId";
    }

    /** With those of {@code @BeforeExecution}. */
    @Override
    public BsonDocument rowsOf(Change change) {
        var ids = new BsonArray(List.of(new BsonString(change.id()), new BsonString(change.id() + MongockRows.BEFORE)));
        return new BsonDocument("changeId", new BsonDocument("$in", ids))
                .append("author", new BsonString(change.author()));
    }

    @Override
    public boolean preparesItsRows() {
        return true;
    }
}
