package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pending rule of Mongock 5.5.1, row by row. */
class MongockRowsTest {
    private static Change change(String id, boolean runAlways) {
        return new Change(
                id,
                "ada",
                "1",
                "com.acme." + id,
                runAlways,
                Optional.of(true),
                Rollback.PRESENT,
                Optional.empty(),
                List.of());
    }

    private static BsonDocument row(String id, String state, int second) {
        return BsonDocument.parse(
                """
                {executionId: 'e', changeId: '%s', author: 'ada', timestamp: {$date: {$numberLong: '%d'}}, %s
                 changeLogClass: 'com.acme.C', executionMillis: 12, executionHostname: 'host'}
                """.formatted(id, second * 1_000L, state.isEmpty() ? "" : "state: '%s',".formatted(state)));
    }

    private static List<JudgedChange> judge(List<BsonDocument> rows, Change... changes) {
        return new MongockRows(rows).judge(List.of(changes));
    }

    @ParameterizedTest
    @CsvSource({
        "'',PENDING,true",
        "EXECUTED,APPLIED,false",
        "-,APPLIED,false",
        "EXECUTED ROLLED_BACK,PENDING,true",
        "ROLLED_BACK EXECUTED,APPLIED,false",
        "FAILED,FAILED,true",
        "ROLLBACK_FAILED,FAILED,true",
        "EXECUTED ROLLBACK_FAILED,FAILED,false",
        "ROLLED_BACK ROLLBACK_FAILED,FAILED,true",
        "FAILED EXECUTED,APPLIED,false",
        "EXECUTED IGNORED,APPLIED,false",
        "IGNORED,PENDING,true",
        "SOMETHING_NEW,PENDING,true"
    })
    void whatHasHappenedToAChangeSaysHowItStands(String states, ChangeState state, boolean willRun) {
        String[] each = states.isEmpty() ? new String[0] : states.split(" ");
        List<BsonDocument> rows = new ArrayList<>();
        for (int i = 0; i < each.length; i++) {
            rows.add(row("a", each[i].equals("-") ? "" : each[i], i));
        }
        JudgedChange judged = judge(rows, change("a", false)).getFirst();
        assertThat(judged.state()).isEqualTo(state);
        assertThat(judged.willRun()).isEqualTo(willRun);
        Collections.reverse(rows);
        assertThat(judge(rows, change("a", false)).getFirst().state())
                .as("whatever order the server gives them in")
                .isEqualTo(state);
    }

    @Test
    void ofRowsOfTheSameTimeTheFirstCountsAsItDoesForMongock() {
        assertThat(judge(List.of(row("a", "EXECUTED", 1), row("a", "ROLLED_BACK", 1)), change("a", false))
                        .getFirst()
                        .state())
                .isEqualTo(ChangeState.APPLIED);
    }

    @Test
    void oneThatRunsAlwaysIsPendingUntilItsFirstRun() {
        assertThat(judge(List.of(), change("a", true)).getFirst().state()).isEqualTo(ChangeState.PENDING);
        JudgedChange later =
                judge(List.of(row("a", "EXECUTED", 1)), change("a", true)).getFirst();
        assertThat(later.state()).isEqualTo(ChangeState.RUN_ALWAYS);
        assertThat(later.willRun()).isTrue();
    }

    @Test
    void aPendingChangeBeforeAnAppliedOneIsOutOfOrder() {
        assertThat(judge(List.of(row("b", "EXECUTED", 1)), change("a", false), change("b", false), change("c", false)))
                .extracting(JudgedChange::state)
                .containsExactly(ChangeState.OUT_OF_ORDER, ChangeState.APPLIED, ChangeState.PENDING);
        assertThat(judge(List.of(row("b", "EXECUTED", 1)), change("a", false), change("b", true)))
                .as("one that runs always overtakes nothing")
                .extracting(JudgedChange::state)
                .containsExactly(ChangeState.PENDING, ChangeState.RUN_ALWAYS);
    }

    @Test
    void rowsWithoutCodeAreOrphansUnlessTheySayThatNothingIsLeft() {
        List<JudgedChange> judged = judge(
                List.of(
                        row("gone", "EXECUTED", 1),
                        row("gone_before", "EXECUTED", 1),
                        row("undone", "ROLLED_BACK", 1),
                        row("broken", "FAILED", 1)),
                change("a", false));
        assertThat(judged)
                .filteredOn(each -> each.state() == ChangeState.ORPHAN)
                .extracting(each -> each.change().id())
                .containsExactly("gone", "broken");
        assertThat(judged.get(1).recorded().orElseThrow().by()).isEqualTo("host");
    }

    @Test
    void rowsOfMongockItselfAreNoOrphans() {
        BsonDocument system = row("system-change-00001", "EXECUTED", 1);
        system.put("author", new BsonString("mongock"));
        assertThat(judge(
                        List.of(
                                system,
                                BsonDocument.parse("{changeId: 'x', systemChange: true}"),
                                BsonDocument.parse("{changeId: 'y', changeLogClass: 'io.mongock.Z'}")),
                        change("a", false)))
                .hasSize(1);
    }

    @Test
    void theBeforeOfAChangeIsTold() {
        assertThat(judge(List.of(row("a_before", "EXECUTED", 1)), change("a", false))
                        .getFirst()
                        .note())
                .isEqualTo("its @BeforeExecution has been executed");
        JudgedChange broken = judge(List.of(row("a_before", "ROLLBACK_FAILED", 1)), change("a", false))
                .getFirst();
        assertThat(broken.state()).isEqualTo(ChangeState.FAILED);
        assertThat(broken.note()).isEqualTo("its @BeforeExecution is ROLLBACK_FAILED");
        assertThat(judge(List.of(row("a_before", "EXECUTED", 1), row("a", "ROLLED_BACK", 2)), change("a", false))
                        .getFirst()
                        .note())
                .isEqualTo("was rolled back; its @BeforeExecution has been executed");
    }

    @Test
    void anAuthorThatWasEditedIsSuspected() {
        BsonDocument other = row("a", "EXECUTED", 1);
        other.put("author", new BsonString("default_author"));
        List<JudgedChange> judged = judge(List.of(other), change("a", false));
        assertThat(judged).extracting(JudgedChange::state).containsExactly(ChangeState.PENDING, ChangeState.ORPHAN);
        assertThat(judged.getFirst().findings())
                .containsExactly(
                        LintRule.AUTHOR_CHANGED.finding("the row is of author 'default_author', the code of 'ada'"));
    }

    @Test
    void rowsOfStrangeTypesAreReadAsSayingNothing() {
        List<BsonDocument> rows = Arrays.asList(
                BsonDocument.parse("{changeId: 7, author: null, timestamp: 'soon', state: 3}"),
                BsonDocument.parse("{changeId: 'a', author: 'ada', timestamp: 5, executionMillis: 'long'}"));
        List<JudgedChange> judged = judge(rows, change("a", false));
        assertThat(judged.getFirst().state()).isEqualTo(ChangeState.APPLIED);
        assertThat(judged.getFirst().recorded().orElseThrow().at()).isEmpty();
        assertThat(judged.getFirst().recorded().orElseThrow().millis()).isEmpty();
    }
}
