package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The objects of one open run, {@code runs/<runId>/…}: its start, its attempts, and each phase that ended. */
final class RunFolder {
    private static final String ROOT = "runs/";
    private static final int BYTES_MAX = 64 << 20;
    private static final Pattern START = Pattern.compile("runs/([^/]+)/start");
    private static final Pattern PHASE = Pattern.compile("(\\d+)-phase-(\\d+)");

    /** What was known before the first step, and when that was. */
    record Opening(RunStart run, Instant startedAt) {}

    /** One process that worked on the run. */
    record Attempt(int attempt, Instant startedAt, String host) {}

    /** A phase that ended, with everything the run had noted by then. */
    record PhaseEnd(Phase phase, Facts facts) {}

    private final ObjectStore store;
    private final String prefix;

    RunFolder(ObjectStore store, String runId) {
        this.store = store;
        this.prefix = ROOT + runId + "/";
    }

    /** The ids of the runs that have a start and were not closed, oldest first if they sort by time. */
    static List<String> openRunIds(ObjectStore store) {
        try (Stream<ObjectInfo> objects = store.list(ROOT)) {
            return objects.map(object -> START.matcher(object.key().value()))
                    .filter(Matcher::matches)
                    .map(matcher -> matcher.group(1))
                    .toList();
        }
    }

    /** Writes the start unless the run has one, and answers the one that stands. */
    Opening start(Opening wanted) {
        return create("start", wanted) ? wanted : start().orElse(wanted);
    }

    Optional<Opening> start() {
        return read("start", Opening.class);
    }

    /** Whoever creates the number owns the attempt. */
    boolean attempt(Attempt attempt) {
        return create("attempt-" + attempt.attempt(), attempt);
    }

    void phase(int attempt, int number, PhaseEnd end) {
        String name = "%d-phase-%02d".formatted(attempt, number);
        if (!create(name, end)) {
            throw new Failure(
                    FailureKind.LOCK_LOST,
                    "%s%s was written by another process".formatted(prefix, name),
                    "Two processes work on one run; let the newer one end.");
        }
    }

    List<Attempt> attempts() {
        var attempts = new ArrayList<Attempt>();
        Optional<Attempt> next = readAttempt(1);
        while (next.isPresent()) {
            attempts.add(next.get());
            next = readAttempt(attempts.size() + 1);
        }
        return attempts;
    }

    /** As {@link #attempts()}, and never empty: a process may have died between the start and its first attempt. */
    List<Attempt> attempts(Opening opening) {
        List<Attempt> attempts = attempts();
        return attempts.isEmpty()
                ? List.of(new Attempt(1, opening.startedAt(), opening.run().host()))
                : attempts;
    }

    /** Every phase of every attempt in the order they ended. */
    List<PhaseEnd> phases() {
        return names().stream()
                .map(PHASE::matcher)
                .filter(Matcher::matches)
                .sorted(Comparator.<Matcher>comparingInt(name -> Integer.parseInt(name.group(1)))
                        .thenComparingInt(name -> Integer.parseInt(name.group(2))))
                .flatMap(name -> read(name.group(), PhaseEnd.class).stream())
                .toList();
    }

    /** Takes the run off the list of open ones; its start goes last, so a crash in between leaves it on the list. */
    void delete() {
        names().stream().filter(name -> !name.equals("start")).forEach(this::delete);
        delete("start");
    }

    private void delete(String name) {
        store.delete(ObjectKey.of(prefix + name));
    }

    private Optional<Attempt> readAttempt(int number) {
        return read("attempt-" + number, Attempt.class);
    }

    private List<String> names() {
        try (Stream<ObjectInfo> objects = store.list(prefix)) {
            return objects.map(object -> object.key().value().substring(prefix.length()))
                    .toList();
        }
    }

    /** False if another process wrote the name. A retried put may find its own bytes: then the name is ours. */
    private boolean create(String name, Object value) {
        ObjectKey key = ObjectKey.of(prefix + name);
        byte[] bytes = Json.bytes(Json.redacted(value));
        return store.create(key, Content.of(bytes))
                || store.read(key, BYTES_MAX)
                        .filter(taken -> Arrays.equals(taken, bytes))
                        .isPresent();
    }

    private <T> Optional<T> read(String name, Class<T> type) {
        String key = prefix + name;
        return store.read(ObjectKey.of(key), BYTES_MAX).map(bytes -> Json.read(bytes, key, type));
    }
}
