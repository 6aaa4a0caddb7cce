package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.client.model.Filters;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.testing.NodeSample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** A release with the real Mongock: what it says of a change is what the rows say. */
class ReleaseIT extends ChangeRunning {

    private static ReleaseFacts planned(MigrationSource source, String database, String... ids) {
        List<OfChange> changes = List.of(ids).stream()
                .map(id -> change(source, id))
                .map(each -> new OfChange(
                        each.id(),
                        each.author(),
                        each.where(),
                        each.codeHash().orElseThrow(),
                        List.of(),
                        Optional.empty()))
                .toList();
        Artefact artefact = source.artefact();
        return new ReleaseFacts(
                artefact.tool(),
                artefact.location(),
                artefact.digest().orElseThrow(),
                database,
                "R-42",
                "",
                "",
                Release.applied(changes, "R-42"));
    }

    private static ReleaseFacts released(
            MigrationSource source, String database, Duration limit, ReleaseFacts planned, Consumer<Release> steps) {
        try (Deployment deployment = server.deployment("source")) {
            var release = new Release(
                    source,
                    runner(source),
                    deployment,
                    target(database, limit),
                    InstantSource.system(),
                    "run-1",
                    planned);
            steps.accept(release);
            return release.facts();
        }
    }

    @Test
    void changesOfMongockAreAppliedAndTakenBackByTheirRows() {
        MigrationSource source = bench.ofJar("com.acme.orders.C001CreateCustomers", "com.acme.orders.C003FillCountry");
        ReleaseFacts facts = released(
                source,
                "released",
                ENOUGH,
                planned(source, "released", "create-customers", "fill-country"),
                release -> {
                    release.begin(0);
                    assertThat(apply(release, 0)).isTrue();
                    release.begin(1);
                    assertThat(apply(release, 1)).isTrue();
                    release.end();
                });
        assertThat(facts.changes()).allSatisfy(each -> {
            assertThat(each.state()).isEqualTo("APPLIED");
            assertThat(each.actualSeconds()).isPresent();
            assertThat(each.exitCode()).contains(0);
            assertThat(each.restorePoint()).matches("\\d+,\\d+");
        });
        assertThat(facts.restorePoint()).isEqualTo(facts.changes().getFirst().restorePoint());
        assertThat(states(source, "released")).isEqualTo("create-customers APPLIED, fill-country APPLIED");
        assertThat(rows(source, "released", "fill-country"))
                .allSatisfy(
                        row -> assertThat(row.get("metadata", Document.class)).containsEntry("rehearsal", "R-42"));

        ReleaseFacts back =
                released(source, "released", ENOUGH, planned(source, "released", "fill-country"), release -> {
                    release.begin(0);
                    assertThat(revert(release, 0)).isTrue();
                });
        assertThat(back.changes().getFirst().state()).isEqualTo("PENDING");
        assertThat(states(source, "released")).isEqualTo("create-customers APPLIED, fill-country PENDING");
    }

    @Test
    void aRollbackThatFailsIsNotDone() {
        MigrationSource source = bench.ofJar("com.acme.orders.C001CreateCustomers", "com.acme.orders.C003FillCountry");
        ok(runner(source).apply(change(source, "fill-country"), target("stuck")));
        bench.failAt(client.getDatabase("stuck"), "fill-country-rollback");
        ReleaseFacts facts = released(source, "stuck", ENOUGH, planned(source, "stuck", "fill-country"), release -> {
            release.begin(0);
            assertThat(revert(release, 0)).isFalse();
        });
        assertThat(facts.changes().getFirst().state()).isEqualTo("FAILED");
        assertThat(facts.changes().getFirst().end()).contains("told to fail");
    }

    @Test
    void aChangeThatTakesTooLongIsKilledAndToldByItsRows() {
        MigrationSource source = bench.ofJar("com.acme.slow");
        ReleaseFacts facts =
                released(source, "tooslow", Duration.ofSeconds(4), planned(source, "tooslow", "slow"), release -> {
                    release.begin(0);
                    assertThat(apply(release, 0)).isFalse();
                });
        assertThat(facts.changes().getFirst().end()).contains("did not end within 4 seconds");
        assertThat(facts.changes().getFirst().state()).isEqualTo("PENDING");
        assertThat(facts.changes().getFirst().actualSeconds()).isEmpty();
        assertThat(facts.changes().getFirst().exitCode()).isEmpty();
        assertThat(facts.limitSeconds()).contains(4L);
    }

    /** It was exchanged after the last look at it, and nobody can tell which of the two was run. */
    @Test
    void aChangeWhoseArtefactIsExchangedWhileItIsRunIsNotDone() {
        NodeSample project = bench.project(client.getDatabase("exchanged"), false, 0);
        MigrationSource source = bench.ofProject(project);
        ReleaseFacts facts = released(source, "exchanged", ENOUGH, planned(source, "exchanged", "1-a.js"), release -> {
            release.requireAsAdmitted(0, true);
            release.begin(0);
            project.write("migrations/1-a.js", MigrationBench.UP + "// another build\n" + MigrationBench.DOWN);
            assertThat(apply(release, 0)).isFalse();
            moved(project.directory().resolve("migrations"));
            Failure gone = catchThrowableOfType(Failure.class, () -> release.requireAsAdmitted(0, false));
            assertThat(gone.kind()).isEqualTo(FailureKind.TARGET_REFUSED);
            assertThat(gone.text()).contains("was taken away", "there is no directory");
        });
        assertThat(facts.changes().getFirst().state()).isEqualTo("APPLIED");
        assertThat(facts.changes().getFirst().end())
                .startsWith("ended with 0; while it was run ")
                .contains("exchanged");
    }

    /** A tool that cannot be started is a fault of whoever asked, and "nothing was done"; not where something was. */
    @Test
    void whatCannotBeStartedAfterOthersWereDoneSaysHowManyWere() {
        NodeSample project = bench.project(client.getDatabase("unstartable"), false, 0);
        MigrationSource source = bench.ofProject(project);
        released(source, "unstartable", ENOUGH, planned(source, "unstartable", "1-a.js", "2-b.js"), release -> {
            deleted(project.directory().resolve("migrations/2-b.js"));
            release.begin(1);
            assertThat(release.facts().changes().get(1).begun()).isTrue();
            assertThat(catchThrowableOfType(Failure.class, () -> apply(release, 1))
                            .kind())
                    .isEqualTo(FailureKind.CONFIGURATION_INVALID);
            assertThat(release.facts().changes().get(1).begun())
                    .as("nothing was started, so nothing is half done")
                    .isFalse();
            project.write("migrations/2-b.js", MigrationBench.UP + MigrationBench.DOWN);
            assertThat(apply(release, 0)).isTrue();
            deleted(project.directory().resolve("migrations/2-b.js"));
            Failure after = catchThrowableOfType(Failure.class, () -> apply(release, 1));
            assertThat(after.kind()).isEqualTo(FailureKind.TARGET_REFUSED);
            assertThat(after.text()).contains("no file of the migration '2-b.js'");
            assertThat(after.hint()).contains("1 of 2 changes were done before, and stay");
        });
    }

    private static boolean apply(Release release, int index) {
        release.start(index, true, Long::toString);
        return release.applied(index);
    }

    private static boolean revert(Release release, int index) {
        release.start(index, false, Long::toString);
        return release.reverted(index);
    }

    private static void moved(Path folder) {
        try {
            Files.move(folder, folder.resolveSibling("gone"));
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static void deleted(Path file) {
        try {
            Files.delete(file);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static Document row(MigrationSource source, String id, String state, Instant at) {
        Change change = change(source, id);
        return new Document("executionId", state + at.toEpochMilli())
                .append("changeId", id)
                .append("author", change.author())
                .append("timestamp", Date.from(at))
                .append("state", state)
                .append("type", "EXECUTION")
                .append("changeLogClass", change.where())
                .append("changeSetMethod", "execute")
                .append("executionMillis", -1L)
                .append("executionHostname", "elsewhere")
                .append("systemChange", false);
    }

    /** What Mongock 5.5.1 does with what a failure leaves: it runs that again, unless an older run had succeeded. */
    @Test
    void aChangeWhoseRowSaysThatItFailedIsRunAgainAndThenApplied() {
        MigrationSource source = bench.ofJar("com.acme.orders.C001CreateCustomers", "com.acme.orders.C003FillCountry");
        ok(runner(source).apply(change(source, "create-customers"), target("failedrow")));
        var log = client.getDatabase("failedrow")
                .getCollection(runner(source).bookkeeping().changelog());
        for (String state : List.of("FAILED", "ROLLBACK_FAILED")) {
            log.deleteMany(Filters.eq("changeId", "fill-country"));
            log.insertOne(row(source, "fill-country", state, Instant.now().minusSeconds(60)));
            assertThat(states(source, "failedrow")).isEqualTo("create-customers APPLIED, fill-country FAILED");
            ReleaseFacts facts =
                    released(source, "failedrow", ENOUGH, planned(source, "failedrow", "fill-country"), release -> {
                        release.requireAsAdmitted(0, true);
                        release.begin(0);
                        assertThat(apply(release, 0)).as(state).isTrue();
                    });
            assertThat(facts.changes().getFirst().state()).isEqualTo("APPLIED");
            assertThat(log.countDocuments(Filters.eq("changeId", "fill-country")))
                    .as("the row of the failure stays")
                    .isEqualTo(2);
        }
        log.insertOne(
                row(source, "fill-country", "ROLLBACK_FAILED", Instant.now().plusSeconds(1)));
        long before = log.countDocuments();
        ok(runner(source).apply(change(source, "fill-country"), target("failedrow")));
        assertThat(log.countDocuments()).as("an older run had succeeded").isEqualTo(before);
        assertThat(states(source, "failedrow")).isEqualTo("create-customers APPLIED, fill-country FAILED");
    }

    @Test
    void aChangeThatStandsOtherwiseThanWhenItWasAdmittedIsNotBegun() {
        MigrationSource source = bench.ofJar("com.acme.orders.C001CreateCustomers", "com.acme.orders.C003FillCountry");
        released(source, "overtaken", ENOUGH, planned(source, "overtaken", "create-customers"), release -> {
            release.requireAsAdmitted(0, true);
            assertThat(catchThrowableOfType(Failure.class, () -> release.requireAsAdmitted(0, false))
                            .text())
                    .contains("is PENDING now");
            ok(runner(source).apply(change(source, "create-customers"), target("overtaken")));
            Failure overtaken = catchThrowableOfType(Failure.class, () -> release.requireAsAdmitted(0, true));
            assertThat(overtaken.kind()).isEqualTo(FailureKind.TARGET_REFUSED);
            assertThat(overtaken.text()).contains("'create-customers", "is APPLIED now, and this run has not begun it");
            assertThat(overtaken.hint()).contains("0 of 1 changes were done before");
            release.requireAsAdmitted(0, false);
        });
    }
}
