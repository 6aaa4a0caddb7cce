package io.firedrill.mongo;

import io.firedrill.failure.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.bson.BsonDocument;

/**
 * How far the secondaries of a replica set are behind its primary, by what each says of itself. Only {@code hello} is asked,
 * which everybody may. Not thread-safe.
 */
public final class MemberLag implements AutoCloseable {
    private final Deployment source;
    private final Function<String, Deployment> direct;
    private final Map<String, Deployment> members = new HashMap<>();

    /**
     * @param direct connects to one member; what it connects to is closed with this
     */
    public MemberLag(Deployment source, Function<String, Deployment> direct) {
        this.source = source;
        this.direct = direct;
    }

    /** How many seconds the last of them is behind; empty where no secondary answers. */
    public OptionalLong seconds() {
        BsonDocument primary = ReadMember.hello(source);
        List<Long> lags = new ArrayList<>();
        for (String host : ReadMember.others(primary)) {
            lag(host, primary).ifPresent(lags::add);
        }
        return lags.stream().mapToLong(Long::longValue).max();
    }

    /** One that does not answer now may do so the next time. */
    private OptionalLong lag(String host, BsonDocument primary) {
        try {
            BsonDocument hello = ReadMember.hello(members.computeIfAbsent(host, direct));
            return ReadMember.isTrue(hello, "secondary")
                    ? OptionalLong.of(Math.max(0, ReadMember.lastWrite(primary) - ReadMember.lastWrite(hello)))
                    : OptionalLong.empty();
        } catch (Failure _) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void close() {
        members.values().forEach(Deployment::close);
        members.clear();
    }
}
