package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import io.firedrill.testing.MongockSample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Changes of the real Mongock, rehearsed, applied and taken back by the commands that a person types. */
class MongockReleaseIT extends ReleaseRuns {
    private static final Path GOOD = Documents.ROOT.resolve("docs/samples/migrations/mongock/src/com/acme/good");

    private Path jar(String... names) {
        Map<String, String> sources = Stream.of(names)
                .collect(Collectors.toMap(name -> "com/acme/good/" + name, name -> text(GOOD.resolve(name))));
        return MongockSample.jarOf(directory.resolve("changes"), sources);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static MongoCollection<Document> customers(String database) {
        MongoDatabase shop = client.getDatabase(database);
        shop.getCollection("customers")
                .insertMany(IntStream.range(0, 300)
                        .mapToObj(i -> new Document("_id", i).append("name", "n" + i))
                        .toList());
        return shop.getCollection("customers");
    }

    private static String state(MongoCollection<Document> collection) {
        return collection.find().into(new ArrayList<>()) + " "
                + collection.listIndexes().into(new ArrayList<>());
    }

    @Test
    void changesOfAPlainJarAreAppliedAndTakenBackByTheCommandsOfThePapers() {
        MongoCollection<Document> customers = customers("mongocked");
        String before = state(customers);
        String jar = jar("MarkVersion.java", "CountryWithIndex.java").toString();
        desk.run("backup").ended(0);
        JsonNode rehearsed = desk.json(
                "migrations", "rehearse", "--jar", jar, "--database", "mongocked", "--quick", "--time-limit", "5m");
        String receipt = rehearsed.path("runId").asString();
        assertThat(rehearsed.at("/rehearsal/changes/0/estimate/documents").asLong())
                .isEqualTo(300);
        assertThat(rehearsed.at("/rehearsal/changes/0/estimate/earlier").asLong())
                .isZero();

        List<List<String>> runbook =
                ShellBlocks.firedrill(text(Path.of(rehearsed.path("runbook").asString())), Map.of());
        // The dry run, the apply, and how to look at the lock.
        assertThat(runbook).hasSize(4);
        run(runbook.get(0)).ended(0);
        assertThat(state(customers)).isEqualTo(before);
        run(runbook.get(1)).ended(0);

        assertThat(customers.countDocuments(Filters.eq("v", 2))).isEqualTo(300);
        assertThat(customers.countDocuments(Filters.eq("country", "FR"))).isEqualTo(100);
        JsonNode release = desk.lastRecord().path("release");
        assertThat(release.at("/changes/0/estimatedSeconds").asDouble())
                .as("nothing has grown since, and nothing is known of earlier ones")
                .isEqualTo(release.at("/changes/0/plannedSeconds").asDouble());
        assertThat(release.at("/changes/1/process").asString()).matches("\\S+ pid:\\[\\d+] \\d+ \\d+");
        Document row = client.getDatabase("mongocked")
                .getCollection("mongockChangeLog")
                .find(Filters.eq("changeId", "country-index"))
                .first();
        assertThat(Objects.requireNonNull(row).get("metadata", Document.class))
                .containsEntry("rehearsal", receipt)
                .containsEntry("release", desk.lastRecord().at("/run/runId").asString());
        run(runbook.get(2)).ended(0);
        run(runbook.get(3)).ended(0);

        List<List<String>> plan = ShellBlocks.firedrill(
                text(Path.of(rehearsed.path("rollbackPlan").asString())), Map.of());
        run(plan.get(0)).ended(0);
        assertThat(customers.countDocuments(Filters.exists("country"))).isZero();
        assertThat(customers.countDocuments(Filters.eq("v", 2))).isEqualTo(300);
        run(plan.get(1)).ended(0);
        assertThat(state(customers)).isEqualTo(before);
        JsonNode listed = desk.json("migrations", "list", "--jar", jar, "--database", "mongocked");
        assertThat(listed.path("changes")
                        .valueStream()
                        .map(each -> each.path("state").asString()))
                .containsExactly("PENDING", "PENDING");
        desk.run("evidence", "verify").ended(0);
    }

    private Desk.Answer run(List<String> words) {
        return desk.run(words.toArray(String[]::new));
    }
}
