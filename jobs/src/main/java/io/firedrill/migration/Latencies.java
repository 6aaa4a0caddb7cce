package io.firedrill.migration;

import java.util.ArrayList;
import java.util.List;

/** How long requests took, and when. */
final class Latencies {
    private static final double NANOS_PER_MILLI = 1e6;

    private final List<Request> requests;

    private record Request(long from, long until) {
        long nanos() {
            return until - from;
        }
    }

    Latencies() {
        this(new ArrayList<>());
    }

    private Latencies(List<Request> requests) {
        this.requests = requests;
    }

    /** One request, by the monotonic clock. */
    void add(long from, long until) {
        requests.add(new Request(from, until));
    }

    int count() {
        return requests.size();
    }

    /** Those that were under way at some time between two. */
    Latencies between(long from, long until) {
        return new Latencies(requests.stream()
                .filter(request -> request.until() - from >= 0 && until - request.from() >= 0)
                .toList());
    }

    /**
     * So many of a hundred took no longer, in milliseconds. There has to be one at least.
     *
     * @param percent above 0 and up to 100, which is the longest
     */
    double percentile(int percent) {
        List<Long> sorted = requests.stream().map(Request::nanos).sorted().toList();
        int rank = Math.ceilDiv(sorted.size() * percent, 100);
        return sorted.get(rank - 1) / NANOS_PER_MILLI;
    }
}
