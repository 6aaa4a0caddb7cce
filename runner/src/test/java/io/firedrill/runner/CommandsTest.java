package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    private Call call = new Call(Path.of("."));

    @BeforeEach
    void callFromAnEmptyDirectory(@TempDir Path directory) {
        call = new Call(directory);
    }

    private RunContext context() {
        return Objects.requireNonNull(call.operations.context);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "backup|BackupRequest[dryRun=false, skipAgain=, newSource=]",
                "backup --dry-run|BackupRequest[dryRun=true, skipAgain=, newSource=]",
                "backup --skip-again mended|BackupRequest[dryRun=false, skipAgain=mended, newSource=]",
                "backup --new-source 6929b5d0|BackupRequest[dryRun=false, skipAgain=, newSource=6929b5d0]",
                "seal|SealRequest[dryRun=false, newSource=]",
                "seal --dry-run|SealRequest[dryRun=true, newSource=]",
                "oplog archive|ArchiveRequest[once=false, dryRun=false, newSource=]",
                "seal --new-source 6929b5d0|SealRequest[dryRun=false, newSource=6929b5d0]",
                "oplog archive --new-source 6929b5d0|ArchiveRequest[once=false, dryRun=false, newSource=6929b5d0]",
                "oplog archive --once --dry-run|ArchiveRequest[once=true, dryRun=true, newSource=]",
                "oplog compact|CompactRequest[to=latest, dryRun=false]",
                "oplog compact --to 7,1 --dry-run|CompactRequest[to=7,1, dryRun=true]",
                "oplog compact --to before:7,1|CompactRequest[to=before:7,1, dryRun=false]",
                "oplog compact --to 2026-11-22T10:00:00Z|CompactRequest[to=2026-11-22T10:00Z, dryRun=false]",
                "oplog show|OplogShowRequest[from=null, to=null, selection=everything, definitions=false, limit=1000]",
                "oplog show --ddl --ns shop.* --from 1,1 --to 2,2 --limit 7|OplogShowRequest[from=1,1, to=2,2, selection=--include shop.*, definitions=true, limit=7]",
                "restore|RestoreRequest[backup=latest, at=Optional.empty, confirm=Optional.empty, withUsers=false, dryRun=false, keep=true, selection=everything]",
                "restore --backup b1 --confirm stg --dry-run|RestoreRequest[backup=b1, at=Optional.empty, confirm=Optional[stg], withUsers=false, dryRun=true, keep=true, selection=everything]",
                "restore --with-users|RestoreRequest[backup=latest, at=Optional.empty, confirm=Optional.empty, withUsers=true, dryRun=false, keep=true, selection=everything]",
                "drill|RestoreRequest[backup=latest, at=Optional.empty, confirm=Optional.empty, withUsers=false, dryRun=false, keep=false, selection=everything]",
                "drill --backup=b1 --confirm=stg --keep|RestoreRequest[backup=b1, at=Optional.empty, confirm=Optional[stg], withUsers=false, dryRun=false, keep=true, selection=everything]",
                "restore --include shop.*,log.x --include a --exclude *.audit --rename shop=copy|RestoreRequest[backup=latest, at=Optional.empty, confirm=Optional.empty, withUsers=false, dryRun=false, keep=true, selection=--include a.* --include log.x --include shop.* --exclude *.audit --rename shop.*=copy.*]",
                "drill --exclude shop --rename a.x*=b.y*|RestoreRequest[backup=latest, at=Optional.empty, confirm=Optional.empty, withUsers=false, dryRun=false, keep=false, selection=--exclude shop.* --rename a.x*=b.y*]",
                "drill --at latest|RestoreRequest[backup=latest, at=Optional[latest], confirm=Optional.empty, withUsers=false, dryRun=false, keep=false, selection=everything]",
                "restore --at before:7,1|RestoreRequest[backup=latest, at=Optional[before:7,1], confirm=Optional.empty, withUsers=false, dryRun=false, keep=true, selection=everything]",
                "verify|VerifyRequest[backup=latest, percent=100]",
                "verify --backup b1 --percent 10|VerifyRequest[backup=b1, percent=10]",
                "prune|PruneRequest[backups=[], dryRun=false]",
                "prune --backup b1 --backup b2 --dry-run|PruneRequest[backups=[b1, b2], dryRun=true]",
                "prune hold b1 --reason seven|HoldRequest[backup=b1, reason=seven, hold=true]",
                "prune release b1 --reason over|HoldRequest[backup=b1, reason=over, hold=false]",
                "worker --broker-url tcp://localhost:61616 --job-repository-url jdbc:postgresql://db/jobs|work",
                "status|status",
                "backups|backups",
                "staging clean|CleanRequest[confirm=Optional.empty, dryRun=false]",
                "staging clean --confirm stg --dry-run|CleanRequest[confirm=Optional[stg], dryRun=true]"
            })
    void everyCommandAsksForWhatItsArgumentsSay(String arguments, String request) {
        assertThat(call.run(arguments.split(" ", -1))).isZero();
        assertThat(call.operations.requests).hasToString("[" + request + "]");
        assertThat(call.operations.closed).isTrue();
        assertThat(call.err()).isEmpty();
        assertThat(call.out()).isNotEmpty();
    }

    @Test
    void anArchiveWithAGapIsShownAndEndsWithItsOwnCode() {
        var gap = new ArchiveResult.Gap("rolled back", null, new ConsistencyPoint(7, 1), 2, Instant.EPOCH);
        call.operations.archive = FakeOperations.archived(List.of(gap));
        assertThat(call.run("oplog", "archive", "--once")).isEqualTo(14);
        assertThat(call.out()).contains("GAP", "rolled back: nothing is known between the beginning and 7,1");
        assertThat(call.err()).contains("1 gap in the oplog archive of 'orders'", "exit code 14 (oplog gap)");
    }

    @Test
    void flagsReachTheSettingsBeforeAndAfterTheCommand() {
        assertThat(call.run("--lanes", "3", "status", "--rto-target=20m")).isZero();
        assertThat(context().settings().lanes()).isEqualTo(3);
        assertThat(context().settings().rtoTarget()).hasMinutes(20);
    }

    @Test
    void theStopSignalReachesTheRun() {
        assertThat(call.run("status")).isZero();
        assertThat(context().stopRequested().getAsBoolean()).isFalse();
        assertThat(call.stop.stop()).isFalse();
        assertThat(context().stopRequested().getAsBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "backup, FIREDRILL_SOURCE_URI",
        "backup, FIREDRILL_STORE",
        "seal, FIREDRILL_SOURCE_URI",
        "seal, FIREDRILL_STORE",
        "oplog archive, FIREDRILL_SOURCE_URI",
        "oplog show, FIREDRILL_STORE",
        "restore, FIREDRILL_STAGING_URI",
        "drill, FIREDRILL_STAGING_URI",
        "verify, FIREDRILL_STORE",
        "prune, FIREDRILL_STORE",
        "worker, FIREDRILL_BROKER_URL",
        "status, FIREDRILL_STORE",
        "backups, FIREDRILL_STORE"
    })
    void aMissingSettingIsAUsageErrorBeforeAnythingIsOpened(String command, String variable) {
        assertThat(call.without(variable).run(command.split(" ", -1))).isEqualTo(2);
        assertThat(call.err()).contains(" is not set", variable, "exit code 2 (usage)");
        assertThat(call.operations.context).isNull();
    }

    @Test
    void theConfirmationIsTheFlagIfThereIsOne() {
        call.at(new Terminal(true, true, true)).typing("staging\n").run("restore", "--confirm", "other");
        assertThat(context().confirmation().confirms("staging")).isFalse();
        assertThat(context().confirmation().confirms("other")).isTrue();
        assertThat(call.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"staging,true", "' staging ',true", "y,false", "'',false"})
    void theNameIsAskedForOnATerminal(String answer, boolean confirmed) {
        call.at(new Terminal(true, true, true)).typing(answer + "\n").run("restore");
        assertThat(context().confirmation().confirms("staging")).isEqualTo(confirmed);
        assertThat(call.err()).isEqualTo("About to write to replica set staging. Type its name to go on: ");
    }

    @Test
    void aClosedInputConfirmsNothing() {
        call.at(new Terminal(true, true, true)).run("drill");
        assertThat(context().confirmation().confirms("staging")).isFalse();
    }

    @Test
    void nobodyIsAskedWhereNobodySits() {
        call.typing("staging\n").run("drill");
        assertThat(context().confirmation().confirms("staging")).isFalse();
        assertThat(call.err()).isEmpty();
        assertThat(Confirmation.of(Optional.of("a"), Confirmation.unattended()).confirms("a"))
                .isTrue();
    }

    @Test
    void aRestoreThatDiffersIsShownAndEndsWithItsCode() {
        call.operations.restore = FakeOperations.restored(new Rto(1, 2.0, true), 11);
        assertThat(call.run("restore", "--confirm", "stg")).isEqualTo(11);
        assertThat(call.out()).startsWith("REFUTED");
        assertThat(call.err()).contains("1 of 12 digests differ", "exit code 11 (verification mismatch)");
    }

    @Test
    void aMissedObjectiveIsShownAndEndsWithItsCode() {
        call.operations.restore = FakeOperations.restored(new Rto(1023, 900.0, false), 12);
        assertThat(call.run("drill")).isEqualTo(10);
        assertThat(call.out()).startsWith("PROVEN").contains("17m03s of 15m allowed: MISSED");
        assertThat(call.err()).contains("recovery took 17m03s, the target is 15m", "exit code 10 (objective missed)");
    }

    @Test
    void aMissedRecoveryPointIsShownAndEndsWithTheSameCode() {
        var old = new Rpo(7_200, 3_600.0, false);
        call.operations.restore = FakeOperations.restored(new Rto(252.4, 900.0, true), old, 12, RestoreScope.WHOLE);
        assertThat(call.run("restore", "--confirm", "stg")).isEqualTo(10);
        assertThat(call.out()).startsWith("PROVEN").contains("RPO         2h of 1h allowed: MISSED");
        assertThat(call.err())
                .contains("error: the recovery point is as old as 2h, the target is 1h\n", "exit code 10")
                .doesNotContain("recovery took");
        call.operations.restore = FakeOperations.restored(new Rto(1023, 900.0, false), old, 12, RestoreScope.WHOLE);
        assertThat(call.run("drill")).isEqualTo(10);
        assertThat(call.err())
                .contains(
                        "recovery took 17m03s, the target is 15m; the recovery point is as old as 2h, the target is 1h");
    }

    @Test
    void aRehearsedPruneThatWouldBeRefusedIsShownAndEndsWithItsCode() {
        call.operations.prune = FakeOperations.pruned(true, "refuse");
        assertThat(call.run("prune", "--dry-run")).isEqualTo(30);
        assertThat(call.out()).contains("REFUSE  the last proven backup");
        assertThat(call.err()).contains("prune would delete what must stay: b3", "exit code 30 (refused)");
    }

    @Test
    void damagedObjectsAreShownAndEndWithTheirCode() {
        call.operations.verify = FakeOperations.verified(List.of("sources/orders/segments/ab/abcd"));
        assertThat(call.run("verify", "--output", "json")).isEqualTo(12);
        assertThat(call.out()).contains("\"damaged\":[\"sources/orders/segments/ab/abcd\"]");
        assertThat(call.err()).startsWith("{\"schemaVersion\":1,\"error\":{\"kind\":\"BACKUP_DAMAGED\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void aFailureLeavesStdoutEmptyAndSaysWhatToDo(String format) {
        call.operations.trouble = () -> new IllegalStateException(new Failure(
                FailureKind.LOCK_HELD, "backup is running on host a as u:Pa55word", "Wait until it has ended."));
        assertThat(call.run("backup", "--output", format)).isEqualTo(20);
        assertThat(call.out()).isEmpty();
        assertThat(call.err())
                .isEqualToNormalizingNewlines(
                        format.equals("json")
                                ? "{\"schemaVersion\":1,\"error\":{\"kind\":\"LOCK_HELD\",\"message\":\"backup is running"
                                        + " on host a as u:***\",\"hint\":\"Wait until it has ended.\",\"exitCode\":20}}\n"
                                : """
                                  error: backup is running on host a as u:***
                                  hint: Wait until it has ended.
                                  exit code 20 (lock held)
                                  """);
        assertThat(call.operations.closed).isTrue();
    }

    @Test
    void anAbortedRunEndsWithTheCodeOfTheSignal() {
        call.operations.trouble = () -> new Failure(FailureKind.ABORTED, "stopped at a unit", "Start it again.");
        assertThat(call.run("backup")).isEqualTo(143);
        assertThat(call.stop.stop()).isFalse();
        assertThat(call.run("backup")).isEqualTo(143);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBugShowsNoTraceButKeepsOne(boolean error) throws IOException {
        call.operations.trouble =
                () -> error ? new AssertionError("with Pa55word") : new IllegalStateException("with Pa55word");
        assertThat(call.run("status")).isEqualTo(1);
        assertThat(call.out()).isEmpty();
        assertThat(call.err())
                .contains("error: unexpected java.lang.", "This is a bug in Firedrill", "exit code 1 (unexpected)")
                .doesNotContain("\tat ", "Pa55word");
        String path = call.err().replaceAll("(?s).*The stack trace is in (\\S+)\\.\\n.*", "$1");
        assertThat(Files.readString(Path.of(path)))
                .contains("with ***", "\tat io.firedrill.runner.")
                .doesNotContain("Pa55word");
    }

    @Test
    void aTraceThatCannotBeKeptIsNoSecondError(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "in the way");
        call.operations.trouble = () -> new IllegalStateException("boom");
        assertThat(call.run("status", "--state-dir", file.toString())).isEqualTo(1);
        assertThat(call.err()).contains("The stack trace could not be kept in " + file);
    }

    @Test
    void colourIsForTerminalsWhoseOwnerWantsIt() {
        var everywhere = new Terminal(true, true, true);
        call.at(everywhere).run("drill");
        assertThat(call.out()).startsWith("\u001b[1;32mPROVEN\u001b[0m");
        call.run("drill", "--no-color");
        assertThat(call.out()).startsWith("PROVEN");
        call.with("NO_COLOR", "1").run("drill");
        assertThat(call.out()).startsWith("PROVEN");
        call.without("NO_COLOR").with("TERM", "dumb").run("drill");
        assertThat(call.out()).startsWith("PROVEN");
        call.with("TERM", "xterm").run("bakcup");
        assertThat(call.err()).startsWith("\u001b[1;31merror:\u001b[0m unknown command");
        call.at(Terminal.NONE).run("bakcup", "--no-color");
        assertThat(call.err()).startsWith("error: unknown command");
    }

    @Test
    void aWarningSteersNoTerminalAndTellsNoSecret() {
        assertThat(call.with("FIREDRILL_\u001b[2JPa55word", "x").run("drill")).isZero();
        assertThat(call.err()).startsWith("warning: environment variable FIREDRILL_\\u{1b}[2J*** is no setting");
    }

    @Test
    void progressSuitsTheTerminalAndTheOptions() {
        var everywhere = new Terminal(true, true, true);
        assertThat(style()).isEqualTo(ProgressBar.Style.LINES);
        assertThat(call.at(everywhere)).isNotNull();
        assertThat(style()).isEqualTo(ProgressBar.Style.BAR);
        assertThat(style("--quiet")).isEqualTo(ProgressBar.Style.NONE);
        call.with("TERM", "dumb");
        assertThat(style()).isEqualTo(ProgressBar.Style.LINES);
    }

    /** What the run shows of a phase tells the style. */
    private ProgressBar.Style style(String... options) {
        var arguments = new java.util.ArrayList<>(List.of("backup"));
        arguments.addAll(List.of(options));
        assertThat(call.run(arguments.toArray(String[]::new))).isZero();
        context().progress().begin("dump", 10);
        context().progress().end();
        String shown = call.err();
        if (shown.isEmpty()) {
            return ProgressBar.Style.NONE;
        }
        return shown.startsWith("\r") ? ProgressBar.Style.BAR : ProgressBar.Style.LINES;
    }

    @Test
    void surroundingsPrintNoEnvironment() {
        assertThat(call.surroundings().toString()).doesNotContain("Pa55word");
    }
}
