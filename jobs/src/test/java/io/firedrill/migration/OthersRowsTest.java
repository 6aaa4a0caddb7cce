package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
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
        assertThat(before.differences(after, Set.of()))
                .containsExactly(
                        "a row of '1.js' was altered", "a row of '2.js' was removed", "a row of no change was added");
        assertThat(before.differences(before, Set.of())).isEmpty();
    }

    @Test
    void aRowThatIsGivenAnotherIdIsToldByTheOneThatItHad() {
        assertThat(rows(NODE, "{_id: 1, fileName: '1.js'}")
                        .differences(rows(NODE, "{_id: 1, fileName: '2.js'}"), Set.of()))
                .containsExactly("a row of '1.js' was altered");
    }

    @Test
    void whatTheToolIsKnownToHaveWrittenIsNoDifference() {
        OthersRows before = rows(MONGOCK, "{_id: 1, changeId: 'a'}", "{_id: 2, changeId: 'b'}");
        OthersRows after = rows(MONGOCK, "{_id: 1, changeId: 'a', type: null}", SYSTEM);
        assertThat(before.differences(after, Set.of(new BsonInt32(1), new BsonInt32(9))))
                .containsExactly("a row of 'b' was removed");
        assertThat(before.differences(after, Set.of(new BsonInt32(2), new BsonInt32(9))))
                .containsExactly("a row of 'a' was altered");
    }

    /** The tool would have written it before it took its lock. */
    @Test
    void aRowThatCallsItselfTheToolsOwnIsADifference() {
        assertThat(rows(MONGOCK)
                        .differences(
                                rows(
                                        MONGOCK,
                                        SYSTEM,
                                        "{_id: 1, changeId: 'a', executionId: 'legacy_migration-2026-1'}",
                                        "{_id: 2, changeId: 'b', changeLogClass: 'io.mongock.driver.X'}"),
                                Set.of()))
                .containsExactly(
                        "a row of 'system-change-00001' was added", "a row of 'a' was added", "a row of 'b' was added");
    }

    @Test
    void noMoreThanTwentyAreNamed() {
        String[] many = IntStream.range(0, 25)
                .mapToObj("{_id: %1$d, fileName: '%1$d.js'}"::formatted)
                .toArray(String[]::new);
        List<String> found = rows(NODE, many).differences(rows(NODE), Set.of());
        assertThat(found).hasSize(21).endsWith("and 5 more");
    }
}
