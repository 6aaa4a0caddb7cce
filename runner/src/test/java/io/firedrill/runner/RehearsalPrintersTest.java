package io.firedrill.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RehearsalFacts.Burden;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.Measures;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.evidence.RehearsalFacts.OfProperty;
import io.firedrill.evidence.RehearsalFacts.OplogRoom;
import io.firedrill.migration.Acceptance;
import io.firedrill.migration.Property;
import io.firedrill.migration.RehearsalOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RehearsalPrintersTest {
    static RehearseResult result(String outcome, Grade rollback) {
        var changes = List.of(new OfChange(
                "fill-country",
                "ada",
                "com.acme.FillCountry",
                "",
                List.of(
                        new OfProperty("APPLIES", Grade.PROVEN, "it ended with 0", List.of()),
                        new OfProperty(
                                "ROLLBACK",
                                rollback,
                                rollback == Grade.FAILED ? "LOSSY: shop.customers has other documents" : "EXACT",
                                rollback == Grade.FAILED
                                        ? List.of("shop.customers changed 7: country is missing")
                                        : List.of()),
                        new OfProperty("CRASH_SAFE", Grade.NOT_TESTED, "a quick rehearsal leaves it out", List.of())),
                Optional.of(new Measures(
                        2.4,
                        Optional.of(1.5),
                        299,
                        299,
                        52_428,
                        List.of("createIndexes shop.customers"),
                        List.of("shop.customers")))));
        return new RehearseResult(
                "r-1",
                outcome,
                "20261122T031500Z-7f3a",
                new RehearsalFacts(
                        "mongock",
                        "5.5.1",
                        "app.jar",
                        "ab".repeat(32),
                        "shop",
                        false,
                        outcome.equals("planned") ? List.of() : changes),
                63,
                "evidence/default/000000000014.dsse.json",
                "/state/reports/14.html",
                "/state/reports/14/ROLLBACK.md",
                "/state/reports/14/RUNBOOK.md");
    }

    private static String printed(Function<PrintStream, Printer> printer, RehearseResult result) {
        var bytes = new ByteArrayOutputStream();
        printer.apply(new PrintStream(bytes, true, UTF_8)).rehearsal(result);
        return bytes.toString(UTF_8);
    }

    private static String text(RehearseResult result) {
        return printed(out -> new TextPrinter(out, Paint.PLAIN), result);
    }

    @Test
    void aRehearsalReadsWell() {
        assertThat(text(result("failed", Grade.FAILED))).isEqualToNormalizingNewlines("""
                        FAILED  rehearsal of 1 pending change

                        Migrations  mongock, app.jar
                        SHA-256     abababababababababababababababababababababababababababababababab
                        Database    shop
                        Backup      20261122T031500Z-7f3a
                        Found       1 proven, 1 failed, 1 not tested (a quick rehearsal cuts no run off)
                        Took        1m03s
                        Receipt     evidence/default/000000000014.dsse.json
                        Report      /state/reports/14.html
                        Rollback    /state/reports/14/ROLLBACK.md
                        Runbook     /state/reports/14/RUNBOOK.md

                        fill-country (ada)  2.4s, 299 documents written to, 51.2 KiB of oplog, createIndexes shop.customers
                          applies           PROVEN      it ended with 0
                          rollback          FAILED      LOSSY: shop.customers has other documents
                                            shop.customers changed 7: country is missing
                          crash safe        NOT TESTED  a quick rehearsal leaves it out
                        """);
    }

    @Test
    void whatOthersWouldFeelIsTold() {
        RehearseResult felt = result("passed", Grade.PROVEN);
        OfChange change = felt.rehearsal().changes().getFirst();
        var burdened = new OfChange(
                change.id(),
                change.author(),
                change.where(),
                change.codeHash(),
                change.properties(),
                change.measures(),
                Optional.of(new Burden(1_200, 0.4, 12.5, 80)));
        var facts = new RehearsalFacts("mongock", "5.5.1", "app.jar", "", "shop", true, List.of(burdened))
                .with(Optional.of(new OplogRoom(104_856, 3_600)));

        String told = text(new RehearseResult(
                felt.runId(), felt.outcome(), felt.backupId(), facts, 63, felt.record(), felt.report(), "", ""));

        assertThat(told)
                .contains(
                        "  50.0 % of the source's oplog: so much at once can make secondaries and change streams lose touch",
                        "  a user of its collections waited 12.5 ms at p95, 0.4 before; 80.0 at most (1,200 requests)");
    }

    @Test
    void aPlannedOneSaysThatNothingWasRestored() {
        assertThat(text(result("planned", Grade.PROVEN)))
                .startsWith("PLANNED  0 pending changes would be rehearsed; nothing was restored")
                .doesNotContain("Receipt");
    }

    @Test
    void aRehearsalIsOneLineOfJson() {
        assertThat(printed(JsonPrinter::new, result("passed", Grade.PROVEN)))
                .startsWith("{\"schemaVersion\":1,\"runId\":\"r-1\",\"outcome\":\"passed\"")
                .contains("\"property\":\"ROLLBACK\",\"grade\":\"PROVEN\",\"detail\":\"EXACT\"")
                .hasLineCount(1);
    }

    private static int rehearse(Call call, String... more) {
        var arguments = new ArrayList<>(
                List.of("--store", "file:///s", "migrations", "rehearse", "--jar", "app.jar", "--database", "shop"));
        arguments.addAll(List.of(more));
        return call.run(arguments.toArray(String[]::new));
    }

    @Test
    void whatIsAskedForIsWhatIsRehearsed(@TempDir Path directory) {
        var call = new Call(directory);
        int code = rehearse(
                call,
                "--quick",
                "--budget",
                "5m",
                "--without-rollback",
                "drop-old=a restore is the way back",
                "--accept",
                "FENCED=one runner only",
                "--accept",
                "a:b:ROLLBACK=known");
        assertThat(code).as(call.err()).isZero();
        var request = (RehearseRequest) call.operations.requests.getLast();
        assertThat(request.backup()).isEqualTo("latest");
        assertThat(request.options())
                .isEqualTo(new RehearsalOptions(
                        false,
                        Optional.empty(),
                        Duration.ofMinutes(10),
                        Optional.of(Duration.ofMinutes(5)),
                        Duration.ofMinutes(1),
                        Map.of("drop-old", "a restore is the way back"),
                        List.of(
                                new Acceptance(Optional.empty(), Property.FENCED, "one runner only"),
                                new Acceptance(Optional.of("a:b"), Property.ROLLBACK, "known")),
                        Map.of()));
    }

    @Test
    void whatIsNoPropertyCannotBeAccepted(@TempDir Path directory) {
        var call = new Call(directory);
        assertThat(rehearse(call, "--accept", "a:LUCKY=because")).isEqualTo(2);
        assertThat(call.err()).contains("--accept names the property 'LUCKY', and there is none", "SINGLE_EXECUTION");
        assertThat(rehearse(call, "--accept", "FENCED=")).isEqualTo(2);
        assertThat(rehearse(call, "--without-rollback", "a= ")).isEqualTo(2);
        assertThat(call.err()).contains("--without-rollback a has no reason");
        assertThat(call.operations.requests).isEmpty();
    }

    @Test
    void oneCutIsMadeAgainByItsName(@TempDir Path directory) {
        var call = new Call(directory);
        assertThat(rehearse(call, "--cut", "fill:kill-before-data-7"))
                .as(call.err())
                .isZero();
        RehearsalOptions options = ((RehearseRequest) call.operations.requests.getLast()).options();
        assertThat(options.only().orElseThrow().name()).isEqualTo("fill:kill-before-data-7");
        assertThat(options.full()).as("no whole rehearsal").isFalse();
        assertThat(rehearse(call, "--cut", "fill:kill-before-data-7", "--quick"))
                .isEqualTo(2);
        assertThat(call.err()).contains("--quick cuts no run off");
        assertThat(rehearse(call, "--cut", "kill-before-data-7")).isEqualTo(2);
        assertThat(call.err()).contains("names no change and no cut");
    }

    @Test
    void aFailedRehearsalEndsWithACodeOfItsOwnAfterItsResult(@TempDir Path directory) {
        var call = new Call(directory);
        call.operations.rehearsal = result("failed", Grade.FAILED);
        assertThat(rehearse(call)).isEqualTo(62);
        assertThat(call.out()).startsWith("FAILED  rehearsal of 1 pending change");
        assertThat(call.err()).contains("1 of the properties do not hold: ROLLBACK of fill-country");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--budget", "--time-limit", "--lease"})
    void aTimeThatIsNoneIsRefusedBeforeAnythingIsOpened(String option, @TempDir Path directory) {
        var call = new Call(directory);
        int code = rehearse(call, option, "soon");
        assertThat(code).isEqualTo(2);
        assertThat(call.err()).contains(option + " is 'soon'");
        assertThat(call.operations.requests).isEmpty();
    }

    @Test
    void aRunThatCouldNotWaitForALockIsRefused(@TempDir Path directory) {
        var call = new Call(directory);
        int code = rehearse(call, "--time-limit", "1m");
        assertThat(code).isEqualTo(2);
        assertThat(call.err()).contains("--time-limit 1m is less than --lease 1m and 30 s");
    }

    private static final String LIST = "--command-list ls --database shop";

    /** What is missing, and what is said of it. */
    static Stream<Arguments> halfSaid() {
        return Stream.of(
                Arguments.of(LIST, "nothing says how one of the listed changes is applied"),
                Arguments.of(LIST + " --command-apply up{id}", "nothing tells the commands where the copy is"),
                Arguments.of(
                        LIST + " --uri-env DB --command-apply up", "--command-apply 'up' does not say which change"),
                Arguments.of(
                        LIST + " --uri-env DB --command-apply up{id}", "nothing says where the tool keeps its rows"),
                Arguments.of(
                        LIST + " --uri-env DB --command-apply up{id} --command-rows log", "--command-rows is 'log'"),
                Arguments.of(
                        LIST + " --uri-env DB --command-apply up{id} --command-rows log:id --command-revert down",
                        "--command-revert 'down' does not say which change"),
                Arguments.of("--jar app.jar --database shop --command-apply up{id}", "go with --command-list"));
    }

    @ParameterizedTest
    @MethodSource("halfSaid")
    void aCommandIsRehearsedOnlyWhereAllIsSaidOfIt(String options, String message, @TempDir Path directory) {
        var call = new Call(directory);
        List<String> arguments = new ArrayList<>(List.of("--store", "file:///s", "migrations", "rehearse"));
        arguments.addAll(List.of(options.split(" ")));
        assertThat(call.run(arguments.toArray(String[]::new))).isEqualTo(2);
        assertThat(call.err()).contains(message);
        assertThat(call.operations.requests).isEmpty();
    }

    @Test
    void aCommandThatTakesNothingBackHasNoRollback(@TempDir Path directory) {
        var call = new Call(directory);
        String all = LIST + " --uri-env DB --command-apply up{id} --command-rows log:id --command-lock log_lock";
        List<String> arguments = new ArrayList<>(List.of("--store", "file:///s", "migrations", "rehearse"));
        arguments.addAll(List.of(all.split(" ")));
        assertThat(call.run(arguments.toArray(String[]::new))).as(call.err()).isZero();
        var of = (MigrationsOf.Command) ((RehearseRequest) call.operations.requests.getLast()).of();
        assertThat(of.options().run().apply()).containsExactly("up{id}");
        assertThat(of.options().run().revert()).isEmpty();
        assertThat(of.options().run().books().orElseThrow().collections()).containsExactlyInAnyOrder("log", "log_lock");
    }
}
