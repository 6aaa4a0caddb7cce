package io.firedrill.retention;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Lets several workers run one at a time, and changes over at their operations as a seed says: the same seed gives the
 * same order, but for what a worker asks for all at once. Nobody holds a lock, which is the point: this is what happens when a
 * lease fails.
 */
final class Interleaving {
    private static final int HEAD_START_MAX = 120;

    /** Of the threads that a worker starts, too. */
    private static final InheritableThreadLocal<String> WORKER = new InheritableThreadLocal<>();

    private final String leader;
    private final Random random;
    private final double changeover;
    private int headStart;
    private final List<String> waiting = new ArrayList<>();
    private final Map<String, Throwable> failures = new LinkedHashMap<>();
    private @Nullable String running;

    /**
     * @param leader the worker that goes first, for as long as the seed says
     */
    Interleaving(long seed, String leader) {
        this.leader = leader;
        this.random = new Random(seed);
        // Some orders change hands all the time, in some each works for long: both find faults of their own.
        this.changeover = List.of(0.02, 0.1, 0.3, 0.6).get(random.nextInt(4));
        // A short worker would else always meet the beginning of a long one.
        this.headStart = random.nextInt(HEAD_START_MAX);
    }

    /** Runs the workers to their ends, and says who failed and how. */
    Map<String, Throwable> run(Map<String, Runnable> workers) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        waiting.addAll(workers.keySet());
        workers.forEach((name, work) -> threads.add(new Thread(() -> work(name, work), name)));
        synchronized (this) {
            handOver();
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        return failures;
    }

    /** Called by a worker before each operation. */
    synchronized void step() {
        headStart--;
        if (random.nextDouble() < changeover) {
            handOver();
        }
        await(WORKER.get());
    }

    private void work(String name, Runnable work) {
        WORKER.set(name);
        try {
            synchronized (this) {
                await(name);
            }
            work.run();
        } catch (RuntimeException | Error thrown) {
            synchronized (this) {
                failures.put(name, thrown);
            }
        } finally {
            synchronized (this) {
                waiting.remove(name);
                handOver();
            }
        }
    }

    private void handOver() {
        if (headStart > 0 && waiting.contains(leader)) {
            running = leader;
            notifyAll();
            return;
        }
        running = waiting.isEmpty() ? null : waiting.get(random.nextInt(waiting.size()));
        notifyAll();
    }

    private void await(String name) {
        try {
            while (!name.equals(running)) {
                wait();
            }
        } catch (InterruptedException thrown) {
            throw new IllegalStateException(thrown);
        }
    }
}
