package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may happen to any tool's process; the tools themselves are run by {@link MongockChangesIT} and {@link NodeChangesIT}. */
class CommandRunnerTest {
    private static final Duration ENOUGH = Duration.ofSeconds(60);
    private static final String PASSWORD = "s3cret-w0rd";
    private static final String URI = "mongodb://ann:" + PASSWORD + "@127.0.0.1:1/";
    private static final Change CHANGE = Change.named("001; $(touch trap)", "", "", "");

    @TempDir
    Path directory;

    private ChangeRunner runner(List<String> apply, List<String> revert) {
        var run = new CommandRun(
                apply, revert, Optional.of("DB"), Optional.of(CommandRun.books(Set.of("log", "lock"), "log", "name")));
        return new CommandSource(new CommandOptions(
                        "list", List.of("true"), directory, Map.of("MORE", "more"), ENOUGH, Optional.empty(), run))
                .runner(RunTools.usual(directory));
    }

    private RunningChange start(String script, Duration limit) {
        return runner(List.of("sh", "-c", script, "sh", "{id}"), List.of()).apply(CHANGE, target(limit));
    }

    private static RunTarget target(Duration limit) {
        return new RunTarget(URI, "shop", limit, Map.of());
    }

    private RunEnd run(String script) {
        try (RunningChange running = start(script, ENOUGH)) {
            return running.await();
        }
    }

    private Failure failure(String script, Duration limit) {
        try (RunningChange running = start(script, limit)) {
            Failure failure = catchThrowableOfType(Failure.class, running::await);
            assertThat(failure).isNotNull();
            assertThat(running.isAlive()).isFalse();
            return failure;
        }
    }

    @Test
    void theIdIsHandedOnAsItIsAndTheConnectionStringByItsVariable() {
        RunEnd end = run("test \"$DB\" = '%s' && echo \"$1|$MORE\"".formatted(URI));
        assertThat(end.lastWords()).isEqualTo("001; $(touch trap)|more");
        assertThat(end.code()).isZero();
        assertThat(end.took()).isBetween(Duration.ofMillis(1), ENOUGH);
        assertThat(directory.resolve("trap")).doesNotExist();
        end.requireOk("it", "");
    }

    /** Looked for by its own name: others make such folders at the same time. */
    @Test
    void nothingIsLeftOnTheDisk() {
        RunEnd end = run("echo a; readlink /proc/$$/fd/1 >&2");
        assertThat(end.code()).isZero();
        Path folder = Path.of(end.lastWords()).resolveSibling("");
        assertThat(folder.getFileName().toString()).startsWith("firedrill-change");
        assertThat(folder).doesNotExist();
    }

    @Test
    void aFailureIsToldWithItsCodeAndItsWordsButWithoutThePassword() {
        RunEnd end = run("echo \"cannot log in to $DB with %s\" >&2; exit 3".formatted(PASSWORD));
        assertThat(end.lastWords()).isEqualTo("cannot log in to mongodb://***@127.0.0.1:1/ with ***");
        Failure failure = catchThrowableOfType(Failure.class, () -> end.requireOk("the tool", "Do something."));
        assertThat(failure.text())
                .isEqualTo("the tool ended with 3: cannot log in to mongodb://***@127.0.0.1:1/ with ***");
        assertThat(failure.hint()).isEqualTo("Do something.");
        assertThat(target(ENOUGH).toString()).doesNotContain(PASSWORD);
    }

    @Test
    void ofMuchThatWasSaidTheEndIsToldAndNoPartOfASecret() {
        // The last 64 KiB begin within the password.
        int behind = (64 << 10) - 5;
        for (String end : List.of("", "\\n")) {
            String script = "printf '%s'; printf '%%%ds%s' x; exit 1".formatted(PASSWORD, behind, end);
            assertThat(run(script).lastWords()).isEqualTo("it said nothing");
        }
        assertThat(run("head -c 100000 /dev/zero | tr '\\0' '\\n'; echo last").lastWords())
                .isEqualTo("last");
    }

    @Test
    void whoIsKilledIsToldWithTheSignal() {
        RunEnd end = run("kill -9 $$");
        assertThat(end.code()).isEqualTo(137);
        Failure failure = catchThrowableOfType(Failure.class, () -> end.requireOk("the tool", ""));
        assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        assertThat(failure.text()).contains("killed by signal 9");
    }

    @Test
    void whoTakesTooLongIsKilledWithAllThatItStarted() throws IOException {
        Failure failure = failure("sleep 300 & echo $! > child; wait", Duration.ofSeconds(10));
        assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        assertThat(failure.text()).contains("the command to apply '001;", "did not end within 10 seconds");
        assertThat(failure.hint()).contains("more time");
        assertGone(Files.readString(directory.resolve("child")));
    }

    @Test
    void whoPrintsMoreThanCanBeKeptComesToItsEndAndItsLastWordsAreTold() {
        RunEnd end = run("head -c 70000000 /dev/zero | tr '\\0' '\\n'; echo 'Error: told to fail' >&2; exit 3");
        assertThat(end.code()).isEqualTo(3);
        assertThat(end.lastWords()).isEqualTo("Error: told to fail");
        // What is printed between the look at the file and its emptying is gone uncounted: as much as a busy machine
        // lets it be.
        assertThat(end.dropped()).isBetween(1L << 20, 70_000_000L);
        assertThat(end.text()).endsWith("; %d MiB that it printed were dropped".formatted(end.dropped() >> 20));
        assertThat(run("head -c 70000000 /dev/zero | tr '\\0' '\\n'; echo last").lastWords())
                .isEqualTo("last");
    }

    @Test
    void whoIsShieldedIsInASessionOfItsOwn() {
        // The sixth field of the kernel's line about it is its session.
        String script = "read -r _ _ _ _ _ session _ < /proc/$$/stat; test $session = $$";
        List<String> command = List.of("sh", "-c", script, "sh", "{id}");
        try (RunningChange running =
                runner(command, List.of()).apply(CHANGE, target(ENOUGH).shield())) {
            RunEnd end = running.await();
            assertThat(end.code()).as(end.lastWords()).isZero();
        }
        String path = System.getenv("PATH");
        assertThat(Shield.around(List.of("sh", "-c"), path)).hasSize(3).endsWith("sh", "-c");
        assertThat(Shield.around(List.of("sh"), directory.toString()))
                .as("no setsid there")
                .containsExactly("sh");
        assertThat(Shield.around(List.of("no-such-program"), path)).containsExactly("no-such-program");
        assertThat(Shield.around(List.of("/no/such/program"), path)).containsExactly("/no/such/program");
    }

    @Test
    void killEndsItWithAllThatItStarted() throws IOException {
        Path pipe = pipe("pipe");
        try (RunningChange running = start("sleep 300 & echo $! > pipe; wait", ENOUGH)) {
            String child = Files.readString(pipe);
            assertThat(running.isAlive()).isTrue();
            running.kill();
            assertThat(running.isAlive()).isFalse();
            assertThat(running.await().code()).isEqualTo(137);
            assertGone(child);
        }
    }

    /** A reader of it waits until somebody has written, and a writer until somebody reads. */
    private Path pipe(String name) throws IOException {
        Path pipe = directory.resolve(name);
        try {
            assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                    .isZero();
        } catch (InterruptedException thrown) {
            throw new IllegalStateException(thrown);
        }
        return pipe;
    }

    @Test
    void aFrozenOneStandsStillWithAllThatItStartedAndGoesOn() throws IOException {
        Path told = pipe("told");
        Path gate = pipe("gate");
        try (RunningChange running = start("(read go < gate) & echo \"$$ $!\" > told; wait; echo done", ENOUGH)) {
            String[] pids = Files.readString(told).strip().split(" ", -1);
            running.freeze(true);
            for (String pid : pids) {
                assertStopped(pid);
            }
            running.freeze(false);
            Files.writeString(gate, "go\n");
            assertThat(running.await().lastWords()).isEqualTo("done");
        }
    }

    /** More than there are cores: a signal is taken when it is one's turn. */
    @Test
    void whoIsFrozenAtWorkStandsStillWhenThatIsSaid() throws IOException {
        Path told = pipe("told");
        String busy = "for i in 1 2 3 4 5 6; do (while :; do :; done) > /dev/null & echo $!; done > told; wait";
        try (RunningChange running = start(busy, ENOUGH)) {
            List<String> pids = Files.readAllLines(told);
            assertThat(pids).hasSize(6);
            running.freeze(true);
            for (String pid : pids) {
                assertStopped(pid);
            }
        }
    }

    /** At once. */
    private static void assertStopped(String pid) throws IOException {
        assertThat(Files.readString(Path.of("/proc", pid, "stat")))
                .as("the state of " + pid)
                .contains(") T ");
    }

    private static void assertGone(String pid) {
        ProcessHandle.of(Long.parseLong(pid.strip()))
                .ifPresent(process -> assertThat(process.onExit()).succeedsWithin(ENOUGH));
    }

    @Test
    void whatCannotBeStartedOrIsMissingIsNamed() {
        ChangeRunner runner = runner(List.of("no-such-program", "{id}"), List.of("undo-the-last"));
        assertThat(catchThrowableOfType(Failure.class, () -> runner.apply(CHANGE, target(ENOUGH)))
                        .text())
                .contains("the command to apply", "cannot be started");
        Failure noId = catchThrowableOfType(Failure.class, () -> runner.revert(CHANGE, target(ENOUGH)));
        assertThat(noId.text()).contains("no command with {id} in it says how to revert");
        assertThat(noId.hint()).contains("{id}");
    }

    @Test
    void theBooksAreWhereTheOptionsSay() {
        Bookkeeping books = runner(List.of(), List.of()).bookkeeping();
        assertThat(books.changelog()).isEqualTo("log");
        assertThat(books.collections()).containsExactlyInAnyOrder("log", "lock");
        assertThat(books.rowsOf(Change.named("7", "", "", ""))).isEqualTo(BsonDocument.parse("{name: '7'}"));
        var lists = new CommandOptions("list", List.of("true"), directory, Map.of(), ENOUGH, Optional.empty());
        ChangeRunner unknown = new CommandSource(lists).runner(RunTools.usual(directory));
        assertThat(catchThrowableOfType(Failure.class, unknown::bookkeeping).text())
                .contains("'list' keeps its books");
    }
}
