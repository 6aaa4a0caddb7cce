package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;

class OthersRowsTest {
    private static final Bookkeeping MONGOCK = new MongockBooks(MongockOptions.usual());
    private static final Bookkeeping NODE =
            new Books(Set.of("changelog"), "changelog", "fileName", _ -> new BsonDocument());
    private static final String SYSTEM =
            "{_id: 9, changeId: 'system-change-00001', author: 'mongock', state: 'EXECUTED', systemChange: true}";

    private static OthersRows rows(Bookkeeping books, String... rows) {
        return new OthersRows(Stream.of(rows).map(BsonDocument::parse).toList(), books);
    }

    @Test
    void whatIsAlteredRemovedAndAddedIsNamedByTheChangeAndWithoutAnyValue() {
        OthersRows before = rows(
                NODE,
                "{_id: 1, fileName: '1.js', fileHash: 'secret'}",
                "{_id: 2, fileName: '2.js'}",
                "{_id: 3, fileName: '3.js'}");
        OthersRows after =
                rows(NODE, "{_id: 1, fileName: '1.js', fileHash: 'other'}", "{_id: 3, fileName: '3.js'}", "{_id: 4}");
        assertThat(before.differences(after))
                .containsExactly(
                        "a row of '1.js' was altered", "a row of '2.js' was removed", "a row of no change was added");
        assertThat(before.differences(before)).isEmpty();
    }

    @Test
    void aRowThatIsGivenAnotherIdIsToldByTheOneThatItHad() {
        assertThat(rows(NODE, "{_id: 1, fileName: '1.js'}").differences(rows(NODE, "{_id: 1, fileName: '2.js'}")))
                .containsExactly("a row of '1.js' was altered");
    }

    @Test
    void whatMongockWritesByItselfIsNoDifferenceHoweverOftenItWritesIt() {
        OthersRows none = rows(MONGOCK);
        OthersRows first = rows(MONGOCK, SYSTEM, "{_id: 8, changeId: 'a', executionId: 'legacy_migration-2026-1'}");
        OthersRows again = rows(
                MONGOCK,
                SYSTEM.replace("EXECUTED", "ROLLED_BACK"),
                "{_id: 8, changeId: 'a', executionId: 'legacy_migration-2026-1'}");
        assertThat(none.differences(first)).isEmpty();
        assertThat(first.differences(again)).isEmpty();
    }

    @Test
    void mongocksRowsMayNotGoAndNobodyElseMayBecomeOneOfThem() {
        OthersRows before = rows(MONGOCK, SYSTEM, "{_id: 1, changeId: 'a', author: 'ada', state: 'EXECUTED'}");
        assertThat(before.differences(rows(MONGOCK))).hasSize(2).contains("a row of 'system-change-00001' was removed");
        assertThat(before.differences(
                        rows(MONGOCK, SYSTEM, "{_id: 1, changeId: 'system-change-00001', author: 'mongock', x: true}")))
                .containsExactly("a row of 'a' was altered");
        assertThat(before.differences(rows(
                        MONGOCK,
                        SYSTEM,
                        "{_id: 1, changeId: 'a', author: 'ada', state: 'EXECUTED'}",
                        "{_id: 2, changeId: 'b', author: 'ada', state: 'EXECUTED', systemChange: true}")))
                .containsExactly("a row of 'b' was added");
    }

    @Test
    void noMoreThanTwentyAreNamed() {
        String[] many = IntStream.range(0, 25)
                .mapToObj("{_id: %1$d, fileName: '%1$d.js'}"::formatted)
                .toArray(String[]::new);
        List<String> found = rows(NODE, many).differences(rows(NODE));
        assertThat(found).hasSize(21).endsWith("and 5 more");
    }
}
