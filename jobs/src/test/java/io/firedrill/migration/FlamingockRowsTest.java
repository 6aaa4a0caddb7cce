package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;

/**
 * Rows that Flamingock's own classes wrote into a mongod (commit 7178ead97 of August 2026, by {@code MongoDBSyncAuditRepository}), and
 * what its {@code AuditSnapshotBuilder} and {@code ChangeActionResolver} said of them: id, state, action.
 */
class FlamingockRowsTest {
    private static final String SYSTEM = "migration-mongock-to-flamingock-community";

    static List<String> lines(String name) {
        try (InputStream in = FlamingockRowsTest.class.getResourceAsStream("/flamingock/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    static List<BsonDocument> rows() {
        return lines("audit-log.jsonl").stream().map(BsonDocument::parse).toList();
    }

    private static Map<String, JudgedChange> judged(List<BsonDocument> rows) {
        Map<String, JudgedChange> all = new LinkedHashMap<>();
        new FlamingockRows(rows).judge().forEach(each -> all.put(each.change().id(), each));
        return all;
    }

    @Test
    void everyChangeStandsAsFlamingockItselfSaysAndWillRunIfItSaysSo() {
        Map<String, JudgedChange> all = judged(rows());
        List<String[]> verdicts = lines("verdicts.txt").stream()
                .map(line -> line.split(" "))
                .filter(word -> !word[0].equals(SYSTEM) && !word[0].equals("imported_before"))
                .toList();
        assertThat(all).hasSameSizeAs(verdicts);
        for (String[] word : verdicts) {
            JudgedChange each = Objects.requireNonNull(all.get(word[0]), word[0]);
            assertThat(each.recorded().orElseThrow().state()).as(word[0]).isEqualTo(word[1]);
            assertThat(each.willRun()).as(word[0]).isEqualTo(word[2].equals("APPLY"));
            assertThat(each.state() == ChangeState.APPLIED).as(word[0]).isEqualTo(word[2].equals("SKIP"));
            assertThat(each.state() == ChangeState.PENDING).as(word[0]).isEqualTo(word[1].endsWith("ROLLED_BACK"));
        }
    }

    @Test
    void theOrderOfTheRowsInTheCollectionChangesNothing() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        List<BsonDocument> shuffled = new ArrayList<>(rows());
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(judged(shuffled)).containsExactlyInAnyOrderEntriesOf(judged(rows()));
    }

    @Test
    void anImportedPreparationThatFailedIsShown() {
        List<BsonDocument> rows = rows().stream()
                .filter(row -> row.getString("changeId").getValue().startsWith("imported"))
                .map(BsonDocument::clone)
                .toList();
        rows.getLast().put("state", new BsonString("FAILED"));
        assertThat(judged(rows)).containsOnlyKeys("imported", "imported_before");
    }

    @Test
    void whatADeadOrLivingRunHasBegunIsTold() {
        assertThat(Objects.requireNonNull(judged(rows()).get("started")).note())
                .contains("begun and has no end", "until somebody has looked");
        assertThat(Objects.requireNonNull(judged(rows()).get("started-retried")).note())
                .contains("runs it again");
    }
}
