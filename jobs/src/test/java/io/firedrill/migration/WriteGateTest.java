package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.migration.Cut.Mode;
import io.firedrill.migration.WriteCommand.Attempt;
import io.firedrill.migration.WriteGate.Passage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WriteGateTest {
    private static final ToolNamespaces TOOL = new ToolNamespaces(Set.of("d.log", "d.lock"), "d.log");

    private final AtomicLong nanos = new AtomicLong(100);
    private final WriteTally tally = new WriteTally(TOOL, nanos::incrementAndGet);
    private final List<String> events = new ArrayList<>();

    private WriteGate gate(Mode mode, WriteKind at, long number) {
        return new WriteGate(
                tally,
                Optional.of(new Cut(mode, at, number)),
                () -> events.add("cut"),
                () -> events.add("disconnected"));
    }

    private static WriteCommand write(WriteVerb verb, String... namespaces) {
        return new WriteCommand(verb, List.of(namespaces), 1, false, true, Optional.empty());
    }

    private static WriteCommand attempt(WriteVerb verb, boolean inTransaction, String session, long number) {
        return new WriteCommand(
                verb, List.of("d.c"), 1, inTransaction, true, Optional.of(new Attempt(session, number)));
    }

    @Test
    void onlyWritesOfDataAndOfRowsAreNumbered() throws InterruptedException {
        WriteGate gate = gate(Mode.CUT_BEFORE, WriteKind.DATA, 2);
        assertThat(gate.enter(write(WriteVerb.INSERT, "d.lock"))).isEqualTo(Passage.FORWARD);
        assertThat(gate.enter(write(WriteVerb.CREATE_INDEXES, "d.log"))).isEqualTo(Passage.FORWARD);
        assertThat(gate.enter(write(WriteVerb.INSERT, "d.log"))).isEqualTo(Passage.FORWARD);
        assertThat(gate.enter(write(WriteVerb.INSERT, "e.log"))).isEqualTo(Passage.FORWARD);
        assertThat(events).isEmpty();
        assertThat(gate.enter(write(WriteVerb.BULK_WRITE, "d.log", "d.c"))).isEqualTo(Passage.WITHHOLD);
        assertThat(events).containsExactly("cut", "disconnected");
        assertThat(tally.seen().data()).isEqualTo(2);
        assertThat(tally.seen().rows()).isEqualTo(1);
        assertThat(tally.seen().firstData()).hasValue(104);
        assertThat(tally.seen().lastRow()).hasValue(103);
        assertThat(tally.seen().atWork()).hasValue(104);
    }

    @Test
    void whoWritesNoDataIsSeenByItsRow() {
        tally.count(write(WriteVerb.INSERT, "d.log"));
        tally.count(write(WriteVerb.INSERT, "d.log"));
        assertThat(tally.seen().atWork()).hasValue(102);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"KILL_BEFORE", "CUT_BEFORE"})
    void afterACutNothingPassesAndNothingIsCounted(Mode mode) throws InterruptedException {
        WriteGate gate = gate(mode, WriteKind.ROW, 1);
        assertThat(gate.enter(write(WriteVerb.UPDATE, "d.log"))).isEqualTo(Passage.WITHHOLD);
        assertThat(gate.enter(write(WriteVerb.UPDATE, "d.c"))).isEqualTo(Passage.WITHHOLD);
        assertThat(gate.reached()).isTrue();
        assertThat(tally.seen().data()).isZero();
    }

    @Test
    void whileAnAnswerIsAwaitedNoOtherWritePasses() throws Exception {
        WriteGate gate = gate(Mode.ANSWER_LOST, WriteKind.DATA, 1);
        assertThat(gate.enter(write(WriteVerb.INSERT, "d.c"))).isEqualTo(Passage.LOSE_ANSWER);
        Future<Passage> other = waiting(gate, write(WriteVerb.INSERT, "d.c"));
        assertThat(tally.seen().data()).isEqualTo(1);
        gate.answered();
        assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(Passage.FORWARD);
        assertThat(events).containsExactly("cut");
        gate.answered();
        gate.abandoned();
        assertThat(events).as("once is all").containsExactly("cut");
    }

    @Test
    void anAnswerThatNeverComesEndsTheWaitWithoutTheCut() throws Exception {
        WriteGate gate = gate(Mode.CUT_AFTER, WriteKind.DATA, 1);
        assertThat(gate.enter(write(WriteVerb.INSERT, "d.c"))).isEqualTo(Passage.LOSE_ANSWER);
        Future<Passage> other = waiting(gate, write(WriteVerb.INSERT, "d.lock"));
        gate.abandoned();
        assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(Passage.WITHHOLD);
        assertThat(events).containsExactly("disconnected");
        assertThat(gate.reached()).isFalse();
    }

    /** Another connection's write, once it waits. */
    private static Future<Passage> waiting(WriteGate gate, WriteCommand write) {
        var passage = new FutureTask<>(() -> gate.enter(write));
        Thread other = Thread.ofPlatform().daemon().start(passage);
        long since = System.nanoTime();
        while (other.getState() != Thread.State.WAITING && System.nanoTime() - since < TimeUnit.SECONDS.toNanos(10)) {
            Thread.onSpinWait();
        }
        assertThat(other.getState()).isEqualTo(Thread.State.WAITING);
        return passage;
    }

    @Test
    void whoIsFrozenIsToldOfAndPasses() throws InterruptedException {
        WriteGate gate = gate(Mode.FREEZE, WriteKind.DATA, 1);
        assertThat(gate.enter(write(WriteVerb.DROP, "d.c"))).isEqualTo(Passage.FORWARD);
        assertThat(gate.enter(write(WriteVerb.DROP, "d.c"))).isEqualTo(Passage.FORWARD);
        assertThat(events).containsExactly("cut");
    }

    /** Mongock, for one, has transactions of its own before the change begins. */
    @Test
    void theEndOfATransactionIsWhatWasInIt() {
        assertThat(ended("d.log", "d.c", "d.lock")).isEqualTo(new WriteTally.Counted(WriteKind.DATA, 2));
        assertThat(ended("d.lock", "d.log")).isEqualTo(new WriteTally.Counted(WriteKind.ROW, 3));
        assertThat(ended("d.lock")).isEqualTo(new WriteTally.Counted(WriteKind.BOOKS, 0));
        assertThat(ended()).isEqualTo(new WriteTally.Counted(WriteKind.BOOKS, 0));
    }

    /** How the end of a transaction in one and the same session is counted, after writes to these collections. */
    private WriteTally.Counted ended(String... namespaces) {
        var attempt = Optional.of(new Attempt("s", nanos.incrementAndGet()));
        for (String each : namespaces) {
            tally.count(new WriteCommand(WriteVerb.UPDATE, List.of(each), 1, true, true, attempt));
        }
        return tally.count(new WriteCommand(WriteVerb.COMMIT_TRANSACTION, List.of(), 1, true, true, attempt));
    }

    @Test
    void whatADriverSendsAgainIsNoOtherWrite() {
        tally.count(attempt(WriteVerb.INSERT, false, "s", 1));
        tally.count(attempt(WriteVerb.INSERT, false, "t", 1));
        tally.count(attempt(WriteVerb.INSERT, false, "s", 1));
        tally.count(attempt(WriteVerb.INSERT, false, "s", 2));
        tally.count(attempt(WriteVerb.INSERT, true, "s", 3));
        tally.count(attempt(WriteVerb.INSERT, true, "s", 3));
        tally.count(attempt(WriteVerb.COMMIT_TRANSACTION, true, "s", 3));
        tally.count(attempt(WriteVerb.COMMIT_TRANSACTION, true, "s", 3));
        assertThat(tally.seen().data()).isEqualTo(6);
        assertThat(tally.seen().counts())
                .containsExactly(
                        new WriteCount(WriteVerb.INSERT, List.of("d.c"), WriteKind.DATA, false, 3, 3, 1),
                        new WriteCount(WriteVerb.INSERT, List.of("d.c"), WriteKind.DATA, true, 2, 2, 0),
                        new WriteCount(WriteVerb.COMMIT_TRANSACTION, List.of("d.c"), WriteKind.DATA, true, 1, 1, 1));
    }
}
