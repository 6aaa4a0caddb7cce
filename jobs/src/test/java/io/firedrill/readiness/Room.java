package io.firedrill.readiness;

import io.firedrill.evidence.LedgerVerification;
import io.firedrill.evidence.PlanDigest;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import io.firedrill.testing.RecordedRuns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A directory with a store and files, and plans with one task or a few. */
final class Room {
    static final Instant START = Instant.parse("2026-11-28T10:00:00Z");
    static final LocalDate LATER = LocalDate.parse("2027-06-30");

    final Path directory;
    final RecordedRuns runs;

    Room(Path directory) {
        this.directory = directory;
        this.runs = new RecordedRuns(directory.resolve("store"), START);
    }

    Path write(String name, String text) {
        try {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** The store, which notes how often each object is read. */
    ObjectStore counting(Map<String, Integer> reads) {
        return (ObjectStore) Proxy.newProxyInstance(
                Room.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (_, method, arguments) -> {
                    if (method.getName().equals("read")) {
                        reads.merge(((ObjectKey) arguments[0]).value(), 1, Integer::sum);
                    }
                    return method.invoke(runs.store(), arguments);
                });
    }

    LedgerFacts facts() {
        return LedgerFacts.read(new LedgerVerification(runs.ledger()));
    }

    Assessor assessor(boolean runCommands) {
        return new Assessor(facts(), runs.store(), directory, runCommands, runs.now());
    }

    /** What one selector finds. */
    Finding find(Selector selector) {
        return find(selector, true);
    }

    Finding find(Selector selector, boolean runCommands) {
        return assessor(runCommands)
                .assess(plan(task("one", selector)))
                .tasks()
                .findFirst()
                .orElseThrow()
                .findings()
                .getFirst();
    }

    Board board(ReadinessPlan plan) {
        return assessor(true).assess(plan);
    }

    static Task task(String id, Selector... evidence) {
        return new Task(
                id, "Title of " + id, "olga", "bert", Optional.of(LATER), "", List.of("It holds."), List.of(evidence));
    }

    static ReadinessPlan plan(Task... tasks) {
        return plan("ab".repeat(32), tasks);
    }

    static ReadinessPlan plan(String sha256, Task... tasks) {
        return new ReadinessPlan(
                new PlanDigest("readiness.yaml", sha256),
                "Programme",
                List.of(new ReadinessPlan.Section("part", "The part", List.of(tasks))));
    }
}
