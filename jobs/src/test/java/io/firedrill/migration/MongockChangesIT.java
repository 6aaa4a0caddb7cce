package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.client.model.Filters;
import io.firedrill.failure.Failure;
import io.firedrill.testing.MongockSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** One Mongock change at a time, of a plain jar and of a Spring Boot application. */
class MongockChangesIT extends ChangeRunning {

    @Test
    void changesOfAPlainJarGoUpAndDownOneByOne() {
        MigrationSource source = bench.ofJar(
                "com.acme.orders.C001CreateCustomers",
                "com.acme.orders.C002AddEmailIndex",
                "com.acme.orders.C003FillCountry",
                "com.acme.orders.C004Totals");
        // The first rollback leaves the collection behind.
        client.getDatabase("plain").createCollection("customers");
        ladder(source, "plain", "customers", List.of("create-customers", "add-email-index", "fill-country", "totals"));
        assertThat(rows(source, "plain", "add-email-index"))
                .extracting(row -> row.getString("changeId") + " " + row.getString("state"))
                .containsExactlyInAnyOrder(
                        "add-email-index_before EXECUTED",
                        "add-email-index EXECUTED",
                        "add-email-index ROLLED_BACK",
                        "add-email-index_before ROLLED_BACK");
        assertThat(rows(source, "plain", "totals"))
                .allSatisfy(
                        row -> assertThat(row.get("metadata", Document.class)).containsEntry("rehearsal", "R-42"));
    }

    /** The oplog has a transaction as one entry: what was undone and the row that says so. */
    @Test
    void aTransactionalChangeIsTakenBackTogetherWithItsRow() {
        MigrationSource source = bench.ofJar("com.acme.orders.C001CreateCustomers", "com.acme.orders.C004Totals");
        ChangeRunner runner = runner(source);
        ok(runner.apply(change(source, "create-customers"), target("together")));
        ok(runner.apply(change(source, "totals"), target("together")));
        ok(runner.revert(change(source, "totals"), target("together")));
        Document last = client.getDatabase("local")
                .getCollection("oplog.rs")
                .find(Filters.eq("o.applyOps.ns", "together.mongockChangeLog"))
                .sort(new Document("$natural", -1))
                .first();
        List<Document> together =
                Objects.requireNonNull(last).get("o", Document.class).getList("applyOps", Document.class);
        assertThat(together)
                .extracting(op -> op.getString("ns"))
                .containsExactly("together.customers", "together.mongockChangeLog");
        assertThat(together.getLast().get("o", Document.class)).containsEntry("state", "ROLLED_BACK");
    }

    @Test
    void aTransactionalChangeWhoseRollbackDropsIsTakenBackWithoutATransaction() {
        Path jar = MongockSample.jarOf(directory.resolve("drops"), Map.of("Drops.java", """
                import com.mongodb.client.*;
                import io.mongock.api.annotations.*;
                import org.bson.Document;
                @ChangeUnit(id = "drops", order = "1", author = "a")
                public class Drops {
                    @Execution public void go(ClientSession session, MongoDatabase database) {
                        database.getCollection("made").insertOne(session, new Document("_id", 1));
                    }
                    @RollbackExecution public void undo(ClientSession session, MongoDatabase database) {
                        database.getCollection("made").drop(session);
                    }
                }
                """));
        MigrationSource source = new MongockJar(jar, MongockOptions.usual());
        ladder(source, "drops", "made", List.of("drops"));
    }

    @Test
    void aRollbackThatFailsIsNotedAndTheChangeStaysApplied() {
        MigrationSource source = bench.ofJar("com.acme.orders.C001CreateCustomers", "com.acme.orders.C003FillCountry");
        ChangeRunner runner = runner(source);
        ok(runner.apply(change(source, "fill-country"), target("unrolled")));
        bench.failAt(client.getDatabase("unrolled"), "fill-country-rollback");
        RunEnd end = ended(runner.revert(change(source, "fill-country"), target("unrolled")));
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lastWords()).contains("told to fail: fill-country-rollback");
        assertThat(rows(source, "unrolled", "fill-country"))
                .extracting(row -> row.getString("state"))
                .containsExactlyInAnyOrder("EXECUTED", "ROLLBACK_FAILED");
        assertThat(states(source, "unrolled")).endsWith("fill-country FAILED");
        RunEnd never = ended(runner.revert(change(source, "create-customers"), target("unrolled")));
        assertThat(never.lastWords()).contains("create-customers is not executed");
    }

    @Test
    void aChangeThatFailsIsToldAndItsRowSaysSo() {
        MigrationSource source = bench.ofJar("com.acme.orders.C003FillCountry");
        bench.failAt(client.getDatabase("failing"), "fill-country");
        RunEnd end = ended(runner(source).apply(change(source, "fill-country"), target("failing")));
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lastWords()).contains("told to fail: fill-country");
        assertThat(rows(source, "failing", "fill-country"))
                .extracting(row -> row.getString("state"))
                .containsExactly("ROLLED_BACK");
        assertThat(states(source, "failing")).isEqualTo("fill-country PENDING");
    }

    @Test
    void whoIsKilledInTheMiddleLeavesTheLockAndNoRow() {
        MigrationSource source = bench.ofJar("com.acme.slow");
        try (RunningChange running = begun(source, "killed")) {
            running.kill();
            assertThat(running.await().code()).isEqualTo(137);
        }
        assertThat(rows(source, "killed", "slow")).isEmpty();
        assertThat(states(source, "killed")).isEqualTo("slow PENDING, locked");
        assertThat(client.getDatabase("killed").getCollection("slow").countDocuments())
                .isEqualTo(1);
    }

    @Test
    void whoTakesTooLongIsKilledToo() {
        MigrationSource source = bench.ofJar("com.acme.slow");
        try (RunningChange running =
                runner(source).apply(change(source, "slow"), target("late", Duration.ofSeconds(3)))) {
            Failure failure = catchThrowableOfType(Failure.class, running::await);
            assertThat(failure.text()).contains("Mongock's apply of 'slow'", "did not end within 3 seconds");
            assertThat(running.isAlive()).isFalse();
        }
        assertThat(rows(source, "late", "slow")).isEmpty();
    }

    /** Starts the slow change and waits for its first write. */
    private static RunningChange begun(MigrationSource source, String database) {
        var slow = client.getDatabase(database).getCollection("slow");
        try (var changes = slow.watch().maxAwaitTime(1, TimeUnit.SECONDS).cursor()) {
            RunningChange running = runner(source).apply(change(source, "slow"), target(database));
            int looks = 0;
            while (changes.tryNext() == null) {
                assertThat(++looks).as("looks for the first write").isLessThan(60);
                assertThat(running.isAlive()).isTrue();
            }
            return running;
        }
    }

    /** A thread of the sample never ends, and its own settings lead nowhere. */
    @Test
    void changesOfASpringBootApplicationGoUpAndDownOneByOneAndItsJarStaysAsItIs() throws Exception {
        Path jar = MongockSample.application();
        String before = sha256(jar);
        var source = new MongockJar(jar, MongockOptions.usual());
        assertThat(source.artefact().version()).contains("5.5.1");
        ladder(source, "boot", "products", List.of("create-products", "price-products"));
        assertThat(sha256(jar)).isEqualTo(before);
        assertThat(rows(source, "boot", "price-products"))
                .hasSize(4)
                .allSatisfy(
                        row -> assertThat(row.get("metadata", Document.class)).containsEntry("rehearsal", "R-42"));
        Document undone = client.getDatabase("local")
                .getCollection("oplog.rs")
                .find(Filters.eq("o.applyOps.ns", "boot.mongockChangeLog"))
                .sort(new Document("$natural", -1))
                .first();
        assertThat(Objects.requireNonNull(undone).toJson()).contains("boot.products", "ROLLED_BACK");
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @Test
    void aServerThatRefusesUsIsToldWithoutThePassword() {
        MigrationSource source = bench.ofJar("com.acme.orders.C001CreateCustomers");
        var wrong = new RunTarget(server.uri("admin:not-the-password@"), "refused", ENOUGH, Map.of());
        RunEnd end = ended(runner(source).apply(change(source, "create-customers"), wrong));
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lastWords()).contains("Authentication failed").doesNotContain("not-the-password");
    }
}
