package io.firedrill.doctor;

import java.util.Locale;

/** What can be looked at; {@code docs/OPERATIONS.md} has a heading for each. */
public enum Check {
    SETTINGS,
    SECRETS,
    REACHABLE,
    TLS,
    MEMBERS,
    VERSION,
    HISTORY,
    OPLOG,
    PRIVILEGES,
    EXCESS,
    CLOCK,
    TARGET,
    MONGOD,
    SPACE,
    WRITE,
    DELETE,
    CHECKSUM,
    LOCK,
    VERSIONS,
    LIFECYCLE,
    QUEUES,
    SCHEMA,
    EVIDENCE,
    NOTIFICATIONS;

    /** What people and programs call it. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where it is told what it means and what to do. */
    public String link() {
        return "docs/OPERATIONS.md#doctor-" + id();
    }
}
