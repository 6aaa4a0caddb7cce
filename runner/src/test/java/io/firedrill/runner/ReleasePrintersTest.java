package io.firedrill.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.evidence.ReleaseFacts.OfChange;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleasePrintersTest {
    @TempDir
    Path directory;

    static ReleaseResult result(String outcome) {
        boolean planned = outcome.equals("planned");
        boolean passed = outcome.equals("passed");
        var change = new OfChange(
                "fill-country",
                "ada",
                "cd".repeat(32),
                "r-1",
                planned ? "" : "1764331200,4",
                Optional.of(2.4),
                planned ? Optional.empty() : Optional.of(3.1),
                planned ? "" : passed ? "ended with 0" : "ended with 1: told to fail",
                planned ? "" : passed ? "APPLIED" : "PENDING",
                passed);
        return new ReleaseResult(
                planned ? "" : "a-1",
                "migrations-apply",
                outcome,
                "orders",
                new ReleaseFacts(
                        "mongock",
                        "app.jar",
                        "ab".repeat(32),
                        "shop",
                        "r-1",
                        planned ? "" : "1764331200,4",
                        planned ? "" : "1764331203,1",
                        List.of(change)),
                planned ? 0 : 4,
                planned ? "" : "evidence/default/000000000015.dsse.json",
                planned ? "" : "/state/reports/15.html",
                planned ? "run a-0 ended without a word" : "",
                List.of("CRASH_SAFE was NOT_TESTED in rehearsal r-1, of fill-country (ada)"));
    }

    private static String text(ReleaseResult result) {
        var bytes = new ByteArrayOutputStream();
        new TextPrinter(new PrintStream(bytes, true, UTF_8), Paint.PLAIN).release(result);
        return bytes.toString(UTF_8);
    }

    @Test
    void plannedStandsBesideActual() {
        assertThat(text(result("passed")))
                .startsWith("PASSED  1 of 1 change applied")
                .contains("shop on orders", "1764331200,4", "1764331203,1")
                .contains("Not proven", "CRASH_SAFE was NOT_TESTED in rehearsal r-1, of fill-country (ada)")
                .contains("fill-country (ada)  planned 2.4s, took 3.1s", "  APPLIED  ended with 0");
    }

    @Test
    void aPlanSaysThatNothingWasWritten() {
        assertThat(text(result("planned")))
                .startsWith("PLANNED  1 change would be applied; nothing was written")
                .contains("proven by rehearsal r-1")
                .doesNotContain("Record");
    }

    @Test
    void aFailedChangeEndsWithItsCodeAndTheWayBack() {
        var call = new Call(directory);
        call.operations.release = result("failed");
        assertThat(call.run("migrations", "apply", "--jar", "app.jar", "--database", "shop"))
                .isEqualTo(63);
        assertThat(call.out()).contains("0 of 1 change applied", "PENDING  ended with 1: told to fail");
        assertThat(call.err()).contains("firedrill restore --at 1764331200,4", "exit code 63 (migration failed)");
    }

    @Test
    void optionsBecomeTheRequest() {
        var call = new Call(directory);
        call.run(
                "migrations",
                "apply",
                "--jar",
                "app.jar",
                "--database",
                "shop",
                "--receipt",
                "r-1",
                "--receipt-age",
                "2h",
                "--accept-quick",
                "--record-in",
                "firedrill",
                "--dry-run");
        var request = (ReleaseRequest) call.operations.requests.getLast();
        assertThat(request.applies()).isTrue();
        assertThat(request.receipt()).contains("r-1");
        assertThat(request.limits().receiptAge()).isEqualTo(Duration.ofHours(2));
        assertThat(request.limits().backupAge()).isEqualTo(Duration.ofHours(24));
        assertThat(request.limits().quickEnough()).isTrue();
        assertThat(request.recordIn()).contains("firedrill");
        assertThat(request.dryRun()).isTrue();
    }

    @Test
    void aRollbackSaysHowFar() {
        var call = new Call(directory);
        assertThat(call.run("migrations", "rollback", "--jar", "app.jar", "--database", "shop"))
                .isEqualTo(2);
        assertThat(call.run("migrations", "rollback", "--jar", "app.jar", "--to", "a", "--last"))
                .isEqualTo(2);
        assertThat(call.run("migrations", "rollback", "--jar", "app.jar", "--to", "a"))
                .isZero();
        assertThat(((ReleaseRequest) call.operations.requests.getLast()).to()).contains("a");
        assertThat(((ReleaseRequest) call.operations.requests.getLast()).applies())
                .isFalse();
    }

    @Test
    void whatACommandListsIsNotOfferedToBeReleasedAndWhoeverAsksIsToldWhy() {
        var call = new Call(directory);
        for (String verb : List.of("apply", "rollback")) {
            assertThat(call.run("migrations", verb, "--help")).isZero();
            assertThat(call.out())
                    .as(verb)
                    .contains("--jar", "--project", "--package")
                    .doesNotContain("--command", "--uri-env", "--shell");
            assertThat(call.run("migrations", verb, "--command-list", "x", "--last"))
                    .isEqualTo(2);
            assertThat(call.run("migrations", verb)).isEqualTo(2);
        }
        assertThat(call.err()).contains("nothing says");
        assertThat(call.run("migrations", "rollback", "--command-list", "x", "--last"))
                .isEqualTo(2);
        assertThat(call.err()).contains("cannot be taken back", "no digest that a receipt could hold");
        assertThat(call.run("migrations", "apply", "--shell")).isEqualTo(2);
        assertThat(call.err()).contains("unknown option '--shell'");
        assertThat(call.run("migrations", "apply")).isEqualTo(2);
        assertThat(call.err()).contains("nothing says where the migrations are", "Give --jar or --project.");
        for (String verb : List.of("list", "rehearse")) {
            assertThat(call.run("migrations", verb, "--help")).isZero();
            assertThat(call.out()).as(verb).contains("--command-list", "--uri-env", "--shell");
        }
    }
}
