package io.firedrill.mongo;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;

/**
 * The one member that a backup's scans are sent to. A cursor lives on the member that opened it, so the driver must not
 * choose anew for every command: the connection goes to this member alone, whatever it is elected to meanwhile.
 */
public final class ReadMember implements AutoCloseable {
    /** A secondary that is further behind would keep the backup waiting for the state that it wants to read. */
    private static final long LAG_SECONDS_MAX = 30;

    private final Deployment deployment;
    private final String description;
    private final boolean own;

    private ReadMember(Deployment deployment, String description, boolean own) {
        this.deployment = deployment;
        this.description = description;
        this.own = own;
    }

    /** A connection of its own, or the source's own where the primary is read. */
    public Deployment deployment() {
        return deployment;
    }

    /** Who it is, and why: for the record. */
    public String description() {
        return description;
    }

    private static ReadMember primary(Deployment source, String why) {
        return new ReadMember(source, "primary" + why, false);
    }

    /**
     * Chooses.
     *
     * @param source whose members there are to choose from
     * @param direct connects to one member, given as {@code host:port}
     */
    public static ReadMember choose(Deployment source, ReadFrom wanted, Function<String, Deployment> direct) {
        return switch (wanted.place()) {
            case PRIMARY -> primary(source, ", as demanded");
            case MEMBER -> member(source, wanted.host(), direct);
            case SECONDARY -> secondary(source, direct);
        };
    }

    private static ReadMember member(Deployment source, String host, Function<String, Deployment> direct) {
        Deployment found = direct.apply(host);
        try {
            requireUsable(source, host, hello(found));
        } catch (RuntimeException thrown) {
            found.close();
            throw thrown;
        }
        return new ReadMember(found, "%s, as demanded".formatted(host), true);
    }

    private static void requireUsable(Deployment source, String host, BsonDocument member) {
        if (!setName(hello(source)).equals(setName(member))) {
            throw unsuitable(
                    "%s is not a member of %s %s".formatted(host, source.role(), source.hosts()),
                    "Name a member of the source's own replica set, or let 'read-from: secondary' find one.");
        }
        if (!isTrue(member, "secondary") && !isTrue(member, "isWritablePrimary")) {
            throw unsuitable(
                    "%s is neither primary nor secondary now".formatted(host),
                    "Wait until it has caught up, or read from another member.");
        }
    }

    /** The secondary that is least behind; the primary where there is none that answers and keeps up. */
    private static ReadMember secondary(Deployment source, Function<String, Deployment> direct) {
        BsonDocument primary = hello(source);
        List<String> others = others(primary);
        List<Candidate> candidates = new ArrayList<>();
        for (String host : others) {
            candidate(host, direct.apply(host), primary).ifPresent(candidates::add);
        }
        if (candidates.isEmpty()) {
            return primary(
                    source,
                    others.isEmpty()
                            ? ": there is no other member"
                            : ": none of the other members (%s) is a secondary that answers and is less than %d s behind"
                                    .formatted(String.join(", ", others), LAG_SECONDS_MAX));
        }
        candidates.sort(Comparator.comparingLong(Candidate::lag));
        candidates.stream().skip(1).forEach(left -> left.deployment.close());
        Candidate best = candidates.getFirst();
        return new ReadMember(best.deployment, "%s, a secondary %d s behind".formatted(best.host, best.lag), true);
    }

    private record Candidate(String host, Deployment deployment, long lag) {}

    private static Optional<Candidate> candidate(String host, Deployment member, BsonDocument primary) {
        try {
            BsonDocument hello = hello(member);
            long lag = Math.max(0, lastWrite(primary) - lastWrite(hello));
            if (isTrue(hello, "secondary") && setName(hello).equals(setName(primary)) && lag <= LAG_SECONDS_MAX) {
                return Optional.of(new Candidate(host, member, lag));
            }
        } catch (Failure failure) {
            if (failure.kind() != FailureKind.DEPENDENCY_UNAVAILABLE) {
                member.close();
                throw failure;
            }
        }
        member.close();
        return Optional.empty();
    }

    /** Data-bearing members that clients may know of; passive ones can never be elected, and are the best to read from. */
    static List<String> others(BsonDocument primary) {
        List<BsonValue> all = new ArrayList<>(primary.getArray("passives", new BsonArray()));
        all.addAll(primary.getArray("hosts", new BsonArray()));
        return all.stream()
                .filter(host -> !host.equals(primary.get("me")))
                .map(host -> host.asString().getValue())
                .toList();
    }

    static BsonDocument hello(Deployment deployment) {
        return deployment.run("admin", new BsonDocument("hello", new BsonInt32(1)));
    }

    private static String setName(BsonDocument hello) {
        return hello.containsKey("setName") ? hello.getString("setName").getValue() : "";
    }

    static boolean isTrue(BsonDocument hello, String name) {
        return hello.getBoolean(name, BsonBoolean.FALSE).getValue();
    }

    static long lastWrite(BsonDocument hello) {
        return OpTime.of(hello.getDocument("lastWrite").getDocument("opTime").getTimestamp("ts"))
                .seconds();
    }

    private static Failure unsuitable(String message, String hint) {
        return new Failure(FailureKind.SOURCE_UNSUITABLE, message, hint);
    }

    /** Ends the connection, unless it is the source's own. */
    @Override
    public void close() {
        if (own) {
            deployment.close();
        }
    }
}
