package io.firedrill.migration;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The commands that write. */
public enum WriteVerb {
    INSERT("insert", "documents"),
    UPDATE("update", "updates"),
    DELETE("delete", "deletes"),
    FIND_AND_MODIFY("findAndModify", ""),
    BULK_WRITE("bulkWrite", "ops"),
    CREATE("create", ""),
    CREATE_INDEXES("createIndexes", "indexes"),
    DROP("drop", ""),
    DROP_INDEXES("dropIndexes", ""),
    DROP_DATABASE("dropDatabase", ""),
    COLL_MOD("collMod", ""),
    RENAME_COLLECTION("renameCollection", ""),
    CONVERT_TO_CAPPED("convertToCapped", ""),
    /** Only with {@code $out} or {@code $merge}. */
    AGGREGATE("aggregate", ""),
    COMMIT_TRANSACTION("commitTransaction", ""),
    ABORT_TRANSACTION("abortTransaction", "");

    private static final Map<String, WriteVerb> BY_COMMAND =
            Arrays.stream(values()).collect(Collectors.toMap(WriteVerb::command, Function.identity()));

    /** Names from before, which servers still take. */
    private static final Map<String, WriteVerb> OLD =
            Map.of("findandmodify", FIND_AND_MODIFY, "deleteIndexes", DROP_INDEXES);

    private final String command;
    private final String statements;

    WriteVerb(String command, String statements) {
        this.command = command;
        this.statements = statements;
    }

    /** By the name of a command, which is that of its first field; empty for one that only reads. */
    static Optional<WriteVerb> of(String command) {
        return Optional.ofNullable(BY_COMMAND.get(command)).or(() -> Optional.ofNullable(OLD.get(command)));
    }

    /** What the server calls it. */
    public String command() {
        return command;
    }

    /** The field that has its statements; empty where it is one statement itself. */
    String statements() {
        return statements;
    }

    /** Whether it ends a transaction: then it names no collection. */
    boolean endsTransaction() {
        return this == COMMIT_TRANSACTION || this == ABORT_TRANSACTION;
    }

    /** Whether it is documents that it changes, not a collection as a whole. */
    boolean changesDocuments() {
        return switch (this) {
            case INSERT, UPDATE, DELETE, FIND_AND_MODIFY, BULK_WRITE, AGGREGATE -> true;
            case CREATE,
                    CREATE_INDEXES,
                    DROP,
                    DROP_INDEXES,
                    DROP_DATABASE,
                    COLL_MOD,
                    RENAME_COLLECTION,
                    CONVERT_TO_CAPPED,
                    COMMIT_TRANSACTION,
                    ABORT_TRANSACTION -> false;
        };
    }
}
