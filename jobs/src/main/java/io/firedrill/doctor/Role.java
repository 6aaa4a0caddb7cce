package io.firedrill.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.bson.BsonDocument;

/**
 * The smallest roles, one for each principal: what to give a user so that it can do its work, and nothing else. The documents are
 * files beside this class, and stand nowhere else.
 */
public enum Role {
    /** Backup and seal, on the source. */
    BACKUP,
    /** {@code oplog archive}, on the source. */
    ARCHIVE,
    /** Restore, drill and {@code staging clean}, on staging. */
    RESTORE,
    /** The same, where an oplog is replayed: of a long backup, or to a moment. */
    REPLAY,
    /** {@code migrations list}, on the database that it looks at. */
    MIGRATIONS_LIST,
    /** {@code migrations apply} and {@code rollback}, on the database that they change. */
    MIGRATIONS_APPLY;

    /** Stands in a document for the database that somebody has to name. */
    static final String DATABASE = "DATABASE";

    /** What people call it. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The one of this id; empty if there is none. */
    public static Optional<Role> of(String id) {
        return Arrays.stream(values()).filter(role -> role.id().equals(id)).findFirst();
    }

    /** The command that makes it, as JSON. */
    public String text() {
        try (InputStream in = Objects.requireNonNull(Role.class.getResourceAsStream("roles/" + id() + ".json"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** Whether it is for one database, which has to be named. */
    public boolean isOfDatabase() {
        return text().contains('"' + DATABASE + '"');
    }

    /** The command that makes it for one database. */
    public String text(String database) {
        return text().replace('"' + DATABASE + '"', '"' + database + '"');
    }

    /** What the role is called on a server. */
    public String roleName() {
        return BsonDocument.parse(text()).getString("createRole").getValue();
    }

    /**
     * Each action by itself.
     *
     * @param database what stands for {@link #DATABASE}
     */
    List<Grant> grants(String database) {
        return Grant.all(BsonDocument.parse(text(database)).getArray("privileges"));
    }
}
