package io.firedrill.mongo;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Gatherers;

/** Many small requests: asked one after the other, each would wait for the network and the server's disk. */
public final class Requests {
    private static final int AT_ONCE = 8;

    private Requests() {}

    /**
     * Asks for all, several at a time.
     *
     * @return the answers in the order of the items; the first failure ends it
     */
    public static <T, R> List<R> all(List<T> items, Function<T, R> ask) {
        return items.stream().gather(Gatherers.mapConcurrent(AT_ONCE, ask)).toList();
    }
}
