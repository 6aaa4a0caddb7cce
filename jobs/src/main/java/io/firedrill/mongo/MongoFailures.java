package io.firedrill.mongo;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoCredential;
import com.mongodb.MongoException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.MongoTimeoutException;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names what went wrong on a deployment. Server messages may quote the command, and so documents: they are never
 * repeated, only their code and code name are.
 */
final class MongoFailures {
    private static final int UNAUTHORIZED = 13;
    private static final int AUTHENTICATION_FAILED = 18;
    private static final int REAUTHENTICATION_REQUIRED = 391;
    private static final List<Integer> DENIED = List.of(UNAUTHORIZED, AUTHENTICATION_FAILED, REAUTHENTICATION_REQUIRED);
    private static final int LOCK_TIMEOUT = 24;
    private static final int NAMESPACE_NOT_FOUND = 26;
    private static final int COMMAND_NOT_SUPPORTED_ON_VIEW = 166;
    private static final int QUERY_PLAN_KILLED = 175;
    private static final int NO_SUCH_TRANSACTION = 251;
    private static final int TRANSACTION_LIFETIME_EXCEEDED = 290;
    private static final List<Integer> TRANSACTION_GONE = List.of(NO_SUCH_TRANSACTION, TRANSACTION_LIFETIME_EXCEEDED);
    private static final int SNAPSHOT_TOO_OLD = 239;
    private static final int SNAPSHOT_UNAVAILABLE = 246;

    /** Has no name: what a standalone answers to {@code create} with {@code encryptedFields}. */
    private static final int ENCRYPTION_NEEDS_SET = 6_346_402;

    /**
     * BadValue, FailedToParse, TypeMismatch, CannotCreateIndex, InvalidOptions, CommandNotSupported,
     * InvalidIndexSpecificationOption, NotImplemented, and the one without a name for a field that is not known.
     */
    private static final List<Integer> DEFINITION_REFUSED = List.of(2, 9, 14, 67, 72, 115, 197, 238, 40_415);

    /** As {@code what} begins. */
    private static final Pattern DEFINING = Pattern.compile("^(create|createIndexes|collMod) on ");

    /** A transaction that meets a drop under way does not wait for its lock; another collection may be a view by then. */
    private static final List<Integer> COLLECTION_GONE = List.of(
            NAMESPACE_NOT_FOUND, QUERY_PLAN_KILLED, SNAPSHOT_UNAVAILABLE, COMMAND_NOT_SUPPORTED_ON_VIEW, LOCK_TIMEOUT);

    private MongoFailures() {}

    /**
     * @param role "source" or "staging"
     * @param hosts host names only, never the connection string
     * @param what the command and its namespace, as in {@code find on shop.orders}
     */
    static Failure of(MongoException thrown, String role, String hosts, String what) {
        MongoSecurityException refused = causeOf(thrown, MongoSecurityException.class);
        if (refused != null) {
            return badCredentials(refused, role, hosts);
        }
        if (thrown instanceof MongoCommandException command) {
            return ofCode(command, role, hosts, what);
        }
        return thrown instanceof MongoExecutionTimeoutException
                ? behind(role, hosts, what)
                : unreachable(thrown, role, hosts, what);
    }

    /** Whether it was refused who we are or what we may do. A user who was dropped may do nothing any more. */
    static boolean isDenied(MongoException thrown) {
        return causeOf(thrown, MongoSecurityException.class) != null
                || (thrown instanceof MongoCommandException command && DENIED.contains(command.getErrorCode()));
    }

    /** What was begun with credentials that were changed meanwhile. */
    static Failure renewed(String role, String hosts, String what) {
        return new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                "%s %s refused the credentials that this began with, and there are others now: %s"
                        .formatted(role, hosts, what),
                "Run it again: it goes on where it stopped, with the credentials that are there now.");
    }

    /** Only reads that wait for replication carry a limit of time. */
    private static Failure behind(String role, String hosts, String what) {
        return new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                "%s %s did not catch up with its replica set in time: %s".formatted(role, hosts, what),
                "See why its replication is behind (rs.printSecondaryReplicationInfo()), or read from another member with --read-from.");
    }

    /** Whether a read failed because the server has no history of its cluster time any more. */
    static boolean isTooOld(Failure failure) {
        return failure.getCause() instanceof MongoCommandException thrown && thrown.getErrorCode() == SNAPSHOT_TOO_OLD;
    }

    /** A write that was done on the primary and not confirmed by a majority may yet be rolled back. */
    static Failure notDurable(String role, String hosts, String what) {
        return new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                "%s %s did not confirm that a write is durable: %s".formatted(role, hosts, what),
                "Check that a majority of the replica set's members is up, and run it again.");
    }

    private static Failure badCredentials(MongoSecurityException thrown, String role, String hosts) {
        @Nullable MongoCredential credential = thrown.getCredential();
        String user = credential == null ? "?" : String.valueOf(credential.getUserName());
        return new Failure(
                FailureKind.ACCESS_DENIED,
                "%s %s refused the user '%s': wrong password, user or authentication database"
                        .formatted(role, hosts, user),
                "Check the credentials in the %s connection string and its authSource.".formatted(role));
    }

    private static Failure ofCode(MongoCommandException thrown, String role, String hosts, String what) {
        int code = thrown.getErrorCode();
        String name = thrown.getErrorCodeName();
        if (code == UNAUTHORIZED) {
            return new Failure(
                    FailureKind.ACCESS_DENIED,
                    "%s %s does not allow its user: %s".formatted(role, hosts, what),
                    "Grant its role the action %s; docs/OPERATIONS.md lists the smallest roles."
                            .formatted(Privileges.neededFor(what)),
                    thrown);
        }
        if (code == AUTHENTICATION_FAILED) {
            return new Failure(
                    FailureKind.ACCESS_DENIED,
                    "%s %s refused the credentials".formatted(role, hosts),
                    "Check the credentials in the %s connection string.".formatted(role));
        }
        if (code == SNAPSHOT_TOO_OLD) {
            return new Failure(
                    FailureKind.SOURCE_UNSUITABLE,
                    "the history window of %s %s is too short: %s at the backup's cluster time is no longer possible"
                            .formatted(role, hosts, what),
                    "Raise minSnapshotHistoryWindowInSeconds on the source, and back up again.",
                    thrown);
        }
        if (TRANSACTION_GONE.contains(code)) {
            return new Failure(
                    FailureKind.SOURCE_UNSUITABLE,
                    "%s %s ended the transaction in which its capped collections are read: %s (%d %s)"
                            .formatted(role, hosts, what, code, name),
                    "Raise transactionLifetimeLimitSeconds on the source above the time that reading them takes, or leave the largest out with 'exclude'.");
        }
        if (code == ENCRYPTION_NEEDS_SET) {
            return new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s %s is a standalone, and takes no collection with queryable encryption: %s"
                            .formatted(role, hosts, what),
                    "Restore into a replica set, with FIREDRILL_STAGING_URI: an ephemeral staging, which 'oplog compact' works in too, is none. Or leave the collection out.");
        }
        if (COLLECTION_GONE.contains(code)) {
            return gone(role, "%s %s: %s failed".formatted(role, hosts, what), "%d %s".formatted(code, name));
        }
        if (!role.equals("source")
                && DEFINITION_REFUSED.contains(code)
                && DEFINING.matcher(what).find()) {
            return new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s %s does not take the options that a collection, view or index of the backup has: %s failed with %d %s"
                            .formatted(role, hosts, what, code, name),
                    "Its log names the reason. Restore into a deployment of the source's version and settings, or leave the collection out with --exclude; what this restore began, 'firedrill staging clean' drops.");
        }
        return new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                "%s %s: %s failed with %d %s".formatted(role, hosts, what, code, name),
                "Look the code up in the server's log, mend the cause and run it again.");
    }

    /** Nobody but us should change what staging holds; to a source it happens. */
    private static Failure gone(String role, String what, String code) {
        return new Failure(
                role.equals("source") ? FailureKind.SOURCE_CHANGED : FailureKind.DEPENDENCY_UNAVAILABLE,
                "%s because the collection was dropped, renamed or recreated, or the server restarted, meanwhile (%s)"
                        .formatted(what, code),
                "Run it again when no collection is being dropped, renamed or recreated.");
    }

    private static Failure unreachable(MongoException thrown, String role, String hosts, String what) {
        Optional<String> tls = TlsCause.in(String.valueOf(thrown.getMessage()));
        if (tls.isPresent()) {
            return new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "no TLS with %s %s: %s (%s)".formatted(role, hosts, what, tls.get()),
                    "Name the authority that signed its certificate as tlsCAFile in the %s connection string, and the host as the certificate does; 'firedrill doctor' looks at both."
                            .formatted(role),
                    thrown);
        }
        String why = thrown instanceof MongoTimeoutException || thrown instanceof MongoSocketReadTimeoutException
                ? "did not answer in time"
                : "broke the connection";
        return new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                "%s %s %s: %s (%s)"
                        .formatted(role, hosts, why, what, thrown.getClass().getSimpleName()),
                "Check that the %s is up, reachable from here, and the replica set that its connection string names; then run it again: it goes on where it stopped."
                        .formatted(role),
                thrown);
    }

    private static <T extends Throwable> @Nullable T causeOf(Throwable thrown, Class<T> type) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
