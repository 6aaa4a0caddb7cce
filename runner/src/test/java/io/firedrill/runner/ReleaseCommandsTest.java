package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.evidence.RehearsalFacts.OfProperty;
import io.firedrill.evidence.RunKind;
import io.firedrill.migration.MongockOptions;
import io.firedrill.migration.RehearsalOptions;
import io.firedrill.migration.RunTools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command on a page that is handed on is taken by a shell and by the program as it stands. */
class ReleaseCommandsTest {
    private static final Map<String, String> FILLED =
            Map.of("RECORD=N", "RECORD=17", "AT=T,I", "AT=1764412345,3", "SET=NAME", "SET=staging");

    @TempDir
    private Path directory;

    private static RehearseRequest request(Path java, Optional<String> uriVariable, Duration limit) {
        return new RehearseRequest(
                new MigrationsOf.Jar(Path.of("/a/my app's.jar"), MongockOptions.usual()),
                "shop",
                "latest",
                java,
                uriVariable,
                List.of(),
                new RehearsalOptions(
                        true,
                        Optional.empty(),
                        limit,
                        Optional.empty(),
                        Duration.ofMinutes(1),
                        Map.of(),
                        List.of(),
                        Map.of()),
                false);
    }

    private static ReleaseCommands commands() {
        return ReleaseCommands.after(
                request(Path.of("/opt/jdk 21/bin/java"), Optional.of("APP_MONGO"), Duration.ofMinutes(25)),
                "shop",
                "rs 0");
    }

    private static OfChange accepted(String id) {
        return ReleasePapersTest.change(
                id,
                new OfProperty("ROLLBACK", Grade.PROVEN, "EXACT", List.of()),
                new OfProperty(
                        "FENCED",
                        Grade.ACCEPTED,
                        "2 collections differ; accepted: only one job|runs; accepted: by <ada>",
                        List.of()));
    }

    /** Asks the program, and tells with what its operations were called. */
    private List<Object> asked(String page) {
        var call = new Call(directory);
        for (List<String> words : ShellBlocks.firedrill(page, FILLED)) {
            var arguments = new ArrayList<>(words);
            if (words.getFirst().equals("evidence")) {
                // These ask a store; here it is only told whether they would be understood.
                arguments.add("--help");
            }
            call.operations.context = null;
            assertThat(call.run(arguments.toArray(String[]::new)))
                    .as("%s%n%s", words, call.err())
                    .isZero();
            if (writes(words)) {
                String set = words.getFirst().equals("restore") ? "staging" : "rs 0";
                assertThat(Objects.requireNonNull(call.operations.context)
                                .confirmation()
                                .confirms(set))
                        .as("%s names the set", words)
                        .isTrue();
            }
        }
        return call.operations.requests;
    }

    private static boolean writes(List<String> words) {
        return !words.contains("--dry-run")
                && (words.getFirst().equals("restore")
                        || List.of("apply", "rollback").contains(words.get(1)));
    }

    @Test
    void everyCommandOfBothPapersIsTakenByAShellAndByTheProgramAsItStands() {
        RehearsedRelease facts = ReleasePapersTest.facts(
                true, commands(), ReleasePapersTest.good("it's; $HOME"), ReleasePapersTest.good("c2"), accepted("c3"));

        List<Object> ofPlan = asked(new RollbackPlan(facts).text());
        List<Object> ofRunbook = asked(new Runbook(facts).text());

        List<ReleaseRequest> rollbacks = ofPlan.stream()
                .filter(ReleaseRequest.class::isInstance)
                .map(ReleaseRequest.class::cast)
                .toList();
        assertThat(rollbacks)
                .extracting(ReleaseRequest::to)
                .containsExactly(Optional.empty(), Optional.of("it's; $HOME"), Optional.of("c0"));
        assertThat(rollbacks).allSatisfy(each -> {
            assertThat(each.kind()).isEqualTo(RunKind.ROLLBACK);
            assertThat(each.dryRun()).isFalse();
            assertThat(each.java()).isEqualTo(Path.of("/opt/jdk 21/bin/java"));
            assertThat(each.applicationUri()).contains("APP_MONGO");
            assertThat(each.limits().timeLimit()).isEqualTo(Duration.ofMinutes(25));
            assertThat(each.of()).isEqualTo(new MigrationsOf.Jar(Path.of("/a/my app's.jar"), MongockOptions.usual()));
            assertThat(each.database()).isEqualTo("shop");
        });
        assertThat(ofPlan.stream().filter(RestoreRequest.class::isInstance)).hasSize(2);
        assertThat(ofRunbook.stream()
                        .filter(ReleaseRequest.class::isInstance)
                        .map(each -> ((ReleaseRequest) each).kind() + " " + ((ReleaseRequest) each).dryRun()))
                .containsExactly("APPLY true", "APPLY false");
        assertThat(ofRunbook.stream().filter(MigrationsRequest.class::isInstance))
                .hasSize(2);
    }

    @Test
    void whatIsUsualIsNotSaid() {
        ReleaseCommands usual = ReleaseCommands.after(
                request(RunTools.ownJava(), Optional.empty(), Duration.ofMinutes(10)), "shop", "rs0");
        assertThat(usual.confirmed("rollback", "--last"))
                .isEqualTo(
                        "firedrill migrations rollback --jar '/a/my app'\\''s.jar' --database shop --last --confirm rs0");
        assertThat(usual.list()).isEqualTo("firedrill migrations list --jar '/a/my app'\\''s.jar' --database shop");
    }

    @Test
    void aQuickRehearsalIsAppliedOnlyWhereThatIsSaidAndAFailedOneNotAtAll() {
        assertThat(new Runbook(ReleasePapersTest.facts(false, commands(), ReleasePapersTest.good("c1"))).text())
                .contains("--accept-quick --confirm 'rs 0'", "says that a rehearsal that cut no run off will do");
        assertThat(new Runbook(ReleasePapersTest.facts(true, commands(), ReleasePapersTest.good("c1"))).text())
                .contains("## To apply")
                .doesNotContain("--accept-quick");
        assertThat(new Runbook(ReleasePapersTest.facts(true, commands(), ReleasePapersTest.lossy("c1"))).text())
                .doesNotContain("migrations apply");
    }

    @Test
    void whatFailedAndWasAcceptedIsALineWithWhatWasSeenWhyItMayAndWhatThatAsks() {
        String plan =
                new RollbackPlan(ReleasePapersTest.facts(true, commands(), accepted("c1"), accepted("c2"))).text();

        String section = plan.substring(plan.indexOf("## Failed and accepted"), plan.indexOf("## Change by"));
        assertThat(section.lines().filter(line -> line.startsWith("| FENCED")))
                .containsExactly(
                        "| FENCED | c1 (ada), c2 (ada) | 2 collections differ | only one job\\|runs; accepted: by"
                                + " &lt;ada&gt; | see that no runner is stopped for longer than the lock's lease, as a suspended machine is |");
        assertThat(plan).contains("Failed and accepted: FENCED.").doesNotContain("The rehearsal failed");
        assertThat(new RollbackPlan(ReleasePapersTest.facts(true, commands(), ReleasePapersTest.good("c1"))).text())
                .doesNotContain("accepted");
    }
}
