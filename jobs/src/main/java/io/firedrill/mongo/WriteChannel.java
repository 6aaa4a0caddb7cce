package io.firedrill.mongo;

import com.mongodb.MongoException;
import com.mongodb.TransactionOptions;
import com.mongodb.WriteConcern;
import com.mongodb.client.ClientSession;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.List;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;

/**
 * The way that writes take into a target: each for itself, or several as one transaction, of which all count or none. Not
 * safe for use by several threads.
 */
public final class WriteChannel implements AutoCloseable {
    private static final TransactionOptions SOON = TransactionOptions.builder()
            .writeConcern(WriteConcern.W1.withJournal(false))
            .build();
    private static final int COMMITS_MAX = 3;
    private static final BsonString PASSING = new BsonString(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL);

    private final Deployment deployment;
    private final Optional<ClientSession> session;
    private boolean passing;

    private WriteChannel(Deployment deployment, Optional<ClientSession> session) {
        this.deployment = deployment;
        this.session = session;
    }

    /** Each write for itself. */
    public static WriteChannel direct(Deployment deployment) {
        return new WriteChannel(deployment, Optional.empty());
    }

    /** In transactions, where the target knows such; a standalone does not. */
    public static WriteChannel of(Deployment deployment) {
        boolean transactions = deployment
                .run("admin", new BsonDocument("hello", new BsonInt32(1)))
                .containsKey("setName");
        return new WriteChannel(deployment, transactions ? Optional.of(deployment.cursorSession()) : Optional.empty());
    }

    /** Whether several writes can be made one. */
    public boolean isTransactional() {
        return session.isPresent();
    }

    /** What a server knows the sender of the transactions by, so that somebody else can end one that was left open. */
    public Optional<BsonDocument> sender() {
        return session.map(open -> open.getServerSession().getIdentifier());
    }

    /**
     * Ends the transactions that a process which is no more has left open: they would be in the way of ours for a minute,
     * and one whose end was under way might yet count.
     */
    public static void end(Deployment deployment, List<BsonDocument> senders) {
        deployment.run("admin", new BsonDocument("killSessions", new BsonArray(senders)));
    }

    Deployment deployment() {
        return deployment;
    }

    public void begin() {
        passing = false;
        session.orElseThrow().startTransaction(SOON);
    }

    /** Ends when all of it counts. Asked again, a server says what became of it the first time. */
    public void commit() {
        for (int attempt = 1; ; attempt++) {
            try {
                session.orElseThrow().commitTransaction();
                return;
            } catch (MongoException thrown) {
                boolean unknown = thrown.hasErrorLabel(MongoException.UNKNOWN_TRANSACTION_COMMIT_RESULT_LABEL);
                if (!unknown || attempt == COMMITS_MAX) {
                    passing = thrown.hasErrorLabel(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL);
                    throw MongoFailures.of(thrown, deployment.role(), deployment.hosts(), "commitTransaction on admin");
                }
            }
        }
    }

    /** None of it counts. */
    public void abort() {
        ClientSession open = session.orElseThrow();
        if (open.hasActiveTransaction()) {
            open.abortTransaction();
        }
    }

    /** Whether the transaction failed by chance, so that it may be tried again as a whole. */
    public boolean hasFailedInPassing() {
        return passing;
    }

    /** The reply, also where it says that the command failed. */
    BsonDocument send(String database, BsonDocument command) {
        BsonDocument reply;
        try {
            reply = session.isPresent()
                    ? deployment.answer(session.get(), database, command)
                    : deployment.answer(database, command);
            passing = reply.getArray("errorLabels", new BsonArray()).contains(PASSING);
        } catch (Failure failure) {
            passing = failure.getCause() instanceof MongoException thrown
                    && thrown.hasErrorLabel(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL);
            throw failure;
        }
        if (passing) {
            throw new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "%s %s ended a transaction with code %d"
                            .formatted(deployment.role(), deployment.hosts(), code(reply)),
                    "Run it again: it goes on where it stopped.");
        }
        return reply;
    }

    /** Writes one document of our own, in the place of the one with its {@code _id}. */
    public void put(Namespace namespace, BsonDocument document) {
        var statement = new BsonDocument("q", new BsonDocument("_id", document.get("_id")))
                .append("u", document)
                .append("upsert", BsonBoolean.TRUE);
        BsonDocument reply = send(namespace.database(), update(namespace, List.of(statement)));
        if (counted(reply) != 1) {
            throw new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "%s %s did not take a write to %s: code %d"
                            .formatted(deployment.role(), deployment.hosts(), namespace, code(reply)),
                    "Look the code up in the server's log, mend the cause and run it again.");
        }
    }

    /**
     * Writes one document of our own in the place of another, within the transaction that is open.
     *
     * @param before what the other has, with its {@code _id}; upserted where it may not be there yet
     * @return whether the other was there
     */
    public boolean replace(Namespace namespace, BsonDocument before, BsonDocument document, boolean first) {
        var statement =
                new BsonDocument("q", before).append("u", document).append("upsert", BsonBoolean.valueOf(first));
        return counted(send(namespace.database(), update(namespace, List.of(statement)))) == 1;
    }

    /**
     * Writes several documents of our own in one command that waits for a majority and the journal: everything that the same
     * server confirmed before is durable too.
     *
     * @param statements of an {@code update}
     * @return how many were there
     */
    public static int durably(Deployment deployment, Namespace namespace, List<BsonDocument> statements) {
        BsonDocument command = update(namespace, statements)
                .append(
                        "writeConcern",
                        new BsonDocument("w", new BsonString("majority")).append("j", BsonBoolean.TRUE));
        return counted(deployment.run(namespace.database(), command));
    }

    private static BsonDocument update(Namespace namespace, List<BsonDocument> statements) {
        return new BsonDocument("update", new BsonString(namespace.collection()))
                .append("updates", new BsonArray(statements));
    }

    private static int counted(BsonDocument reply) {
        return reply.getNumber("n", new BsonInt32(0)).intValue();
    }

    static int code(BsonDocument reply) {
        return reply.getNumber("code", new BsonInt32(0)).intValue();
    }

    @Override
    public void close() {
        session.ifPresent(ClientSession::close);
    }
}
