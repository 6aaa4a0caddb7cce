package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MigrateMongoRowsTest {
    private static Change file(String name) {
        return new Change(
                name,
                "",
                "",
                name,
                false,
                Optional.empty(),
                Rollback.PRESENT,
                Optional.of("with-what-it-requires"),
                List.of());
    }

    private static BsonDocument row(String name, String hash, int second) {
        return BsonDocument.parse(
                "{fileName: '%s', %s appliedAt: {$date: {$numberLong: '%d'}}, migrationBlock: {$numberLong: '17'}}"
                        .formatted(name, hash.isEmpty() ? "" : "fileHash: '%s',".formatted(hash), second * 1_000L));
    }

    private static List<JudgedChange> judge(boolean useFileHash, List<BsonDocument> rows, String... names) {
        Map<String, String> hashes = Stream.of(names).collect(Collectors.toMap(name -> name, name -> "hash-" + name));
        return new MigrateMongoRows(rows, useFileHash, hashes)
                .judge(List.of(names).stream().map(MigrateMongoRowsTest::file).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "false,'',APPLIED,false",
        "false,hash-a,APPLIED,false",
        "false,other,CHANGED,false",
        "true,hash-a,APPLIED,false",
        "true,other,CHANGED,true",
        "true,'',CHANGED,true"
    })
    void anEditedFileIsToldFromTheDigestThatTheRowHas(
            boolean useFileHash, String hash, ChangeState state, boolean willRun) {
        JudgedChange judged =
                judge(useFileHash, List.of(row("a", hash, 1)), "a").getFirst();
        assertThat(judged.state()).isEqualTo(state);
        assertThat(judged.willRun()).isEqualTo(willRun);
        assertThat(judged.note().isEmpty()).isEqualTo(state == ChangeState.APPLIED);
        assertThat(judged.recorded().orElseThrow().run()).isEqualTo("17");
    }

    @Test
    void filesWithoutARowArePendingAndOutOfOrderBeforeOneThatHasOne() {
        assertThat(judge(false, List.of(row("b", "", 1)), "a", "b", "c"))
                .extracting(JudgedChange::state)
                .containsExactly(ChangeState.OUT_OF_ORDER, ChangeState.APPLIED, ChangeState.PENDING);
    }

    @Test
    void rowsWithoutAFileAreOrphans() {
        List<JudgedChange> judged = judge(false, List.of(row("gone", "", 1)), "a");
        assertThat(judged).extracting(JudgedChange::state).containsExactly(ChangeState.PENDING, ChangeState.ORPHAN);
        assertThat(judged.getLast().willRun()).isFalse();
    }

    @Test
    void twoRowsOfOneFileSayThatItRanTwice() {
        JudgedChange judged = judge(true, List.of(row("a", "old", 1), row("a", "hash-a", 2)), "a")
                .getFirst();
        assertThat(judged.state()).isEqualTo(ChangeState.APPLIED);
        assertThat(judged.findings()).containsExactly(LintRule.RECORDED_TWICE.finding("2 rows"));
    }

    @Test
    void aRowWithoutATimeIsARowAllTheSame() {
        JudgedChange judged = judge(false, List.of(BsonDocument.parse("{fileName: 'a'}")), "a")
                .getFirst();
        assertThat(judged.state()).isEqualTo(ChangeState.APPLIED);
        assertThat(judged.recorded().orElseThrow().at()).isEmpty();
    }
}
