package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.WriteCommand.Attempt;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bson.BSONException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandReaderTest {
    private static final String SESSION = "lsid: {id: {$binary: {base64: 'AAECAwQFBgcICQoLDA0ODw==', subType: '04'}}}";

    /** Taken from the specification, not from our own writer: {@code {insert: "c", $db: "d"}} and two documents {@code {}}. */
    private static final String INSERT = "4c000000 07000000 00000000 dd070000 00000000"
            + "00 1e000000 02 696e7365727400 02000000 6300 02 24646200 02000000 6400 00"
            + "01 18000000 646f63756d656e747300 0500000000 0500000000";

    private static String told(WriteCommand write) {
        return "%s %s %d%s%s"
                .formatted(
                        write.verb().command(),
                        write.namespaces(),
                        write.statements(),
                        write.inTransaction() ? " in transaction" : "",
                        write.acknowledged() ? "" : " unacknowledged");
    }

    @Test
    void bytesOfTheSpecificationAreRead() {
        byte[] bytes = HexFormat.of().parseHex(INSERT.replace(" ", ""));
        assertThat(WireBytes.read(bytes).map(CommandReaderTest::told)).hasValue("insert [d.c] 2");
    }

    private static List<Arguments> everyWrite() {
        return List.of(
                Arguments.of("{insert: 'c', documents: [{a: 1}, {a: 2}], $db: 'd'}", "insert [d.c] 2"),
                Arguments.of("{update: 'c', updates: [{q: {}, u: {}}], $db: 'd'}", "update [d.c] 1"),
                Arguments.of(
                        "{delete: 'a.b', $db: 'd', deletes: [{q: {}, limit: 1}, {q: {}, limit: 0}]}",
                        "delete [d.a.b] 2"),
                Arguments.of("{findAndModify: 'c', query: {}, update: {}, $db: 'd'}", "findAndModify [d.c] 1"),
                Arguments.of("{findandmodify: 'c', remove: true, $db: 'd'}", "findAndModify [d.c] 1"),
                Arguments.of(
                        "{bulkWrite: 1, ops: [{insert: 0}, {insert: 1}, {insert: 0}], nsInfo: [{ns: 'd.c', x: 1}, {ns: 'e.f'}], $db: 'admin'}",
                        "bulkWrite [d.c, e.f] 3"),
                Arguments.of("{create: 'c', viewOn: 'b', pipeline: [{$match: {}}], $db: 'd'}", "create [d.c] 1"),
                Arguments.of(
                        "{createIndexes: 'c', indexes: [{key: {a: 1}}, {key: {b: 1}}], $db: 'd'}",
                        "createIndexes [d.c] 2"),
                Arguments.of("{drop: 'c', $db: 'd'}", "drop [d.c] 1"),
                Arguments.of("{dropIndexes: 'c', index: '*', $db: 'd'}", "dropIndexes [d.c] 1"),
                Arguments.of("{deleteIndexes: 'c', index: '*', $db: 'd'}", "dropIndexes [d.c] 1"),
                Arguments.of("{dropDatabase: 1, $db: 'd'}", "dropDatabase [d] 1"),
                Arguments.of("{collMod: 'c', validator: {}, $db: 'd'}", "collMod [d.c] 1"),
                Arguments.of("{renameCollection: 'd.c', to: 'e.f', $db: 'admin'}", "renameCollection [d.c, e.f] 1"),
                Arguments.of("{convertToCapped: 'c', size: 1, $db: 'd'}", "convertToCapped [d.c] 1"),
                Arguments.of(
                        "{aggregate: 'c', pipeline: [{$match: {a: {$out: 1}}}, {$out: 'o'}], $db: 'd'}",
                        "aggregate [d.o] 1"),
                Arguments.of(
                        "{aggregate: 'c', pipeline: [{$out: {db: 'e', coll: 'o'}}], $db: 'd'}", "aggregate [e.o] 1"),
                Arguments.of("{aggregate: 'c', pipeline: [{$merge: 'o'}], cursor: {}, $db: 'd'}", "aggregate [d.o] 1"),
                Arguments.of(
                        "{aggregate: 1, pipeline: [{$documents: []}, {$merge: {on: '_id', into: {coll: 'o', db: 'e'}}}], $db: 'd'}",
                        "aggregate [e.o] 1"),
                Arguments.of("{aggregate: 'c', pipeline: [{$merge: {into: 5}}], $db: 'd'}", "aggregate [d.] 1"),
                Arguments.of(
                        "{commitTransaction: 1, autocommit: false, $db: 'admin'}",
                        "commitTransaction [] 1 in transaction"),
                Arguments.of(
                        "{abortTransaction: 1, autocommit: false, $db: 'admin'}",
                        "abortTransaction [] 1 in transaction"));
    }

    @ParameterizedTest
    @MethodSource("everyWrite")
    void everyWriteIsToldWithItsCollectionAndItsStatements(String command, String told) {
        assertThat(WireBytes.read(WireBytes.command(command)).map(CommandReaderTest::told))
                .hasValue(told);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{find: 'c', $db: 'd'}",
                "{hello: 1, $db: 'admin'}",
                "{aggregate: 'c', pipeline: [{$match: {}}], $db: 'd'}",
                "{aggregate: 'c', pipeline: [], $db: 'd'}",
                "{explain: {insert: 'c'}, $db: 'd'}",
                "{getMore: {$numberLong: '1'}, collection: 'c', $db: 'd'}"
            })
    void whatOnlyReadsIsNoWrite(String command) {
        assertThat(WireBytes.read(WireBytes.command(command))).isEmpty();
    }

    @Test
    void aFieldOfAnotherTypeThanUsualCountsNothing() {
        assertThat(WireBytes.read(WireBytes.command("{insert: 1, documents: 'none', $db: 'd'}"))
                        .map(CommandReaderTest::told))
                .hasValue("insert [d.] 0");
    }

    @Test
    void sectionsMayComeInAnyOrder() {
        byte[] sequenceFirst = WireBytes.message(0)
                .sequence("updates", "{q: {}, u: {}}", "{q: {}, u: {}}", "{q: {}, u: {}}")
                .body("{update: 'c', $db: 'd'}")
                .sent();
        assertThat(WireBytes.read(sequenceFirst).map(CommandReaderTest::told)).hasValue("update [d.c] 3");
        byte[] two = WireBytes.message(0)
                .body("{bulkWrite: 1, $db: 'admin'}")
                .sequence("ops", "{insert: 0, document: {}}", "{delete: 0, filter: {}}")
                .sequence("nsInfo", "{ns: 'd.c'}")
                .sent();
        assertThat(WireBytes.read(two).map(CommandReaderTest::told)).hasValue("bulkWrite [d.c] 2");
    }

    @Test
    void aChecksumIsNoSection() {
        byte[] sent = WireBytes.message(WireBytes.CHECKSUM)
                .body("{insert: 'c', $db: 'd'}")
                .sequence("documents", "{a: 1}")
                .sentWithChecksum();
        assertThat(WireBytes.read(sent).map(CommandReaderTest::told)).hasValue("insert [d.c] 1");
    }

    @Test
    void whetherAnAnswerWillComeIsToldByTheFlag() {
        byte[] sent = WireBytes.message(WireBytes.MORE_TO_COME)
                .body("{insert: 'c', documents: [{}], $db: 'd'}")
                .sent();
        assertThat(WireBytes.read(sent).map(CommandReaderTest::told)).hasValue("insert [d.c] 1 unacknowledged");
    }

    @Test
    void aWriteIsKnownAgainBySessionAndNumber() {
        String insert = "{insert: 'c', documents: [{}], txnNumber: {$numberLong: '5'}, %s, $db: 'd'%s}";
        assertThat(WireBytes.read(WireBytes.command(insert.formatted(SESSION, "")))
                        .orElseThrow()
                        .attempt())
                .hasValue(new Attempt("05696400" + "10000000" + "04" + "000102030405060708090a0b0c0d0e0f" + "00", 5));
        WriteCommand within = WireBytes.read(
                        WireBytes.command(insert.formatted(SESSION, ", autocommit: false, startTransaction: true")))
                .orElseThrow();
        assertThat(told(within)).isEqualTo("insert [d.c] 1 in transaction");
    }

    @Test
    void aGreetingOfTheOldKindPasses() {
        byte[] hello = new WireBytes()
                .number(4)
                .text("admin.$cmd")
                .number(0)
                .number(-1)
                .document("{isMaster: 1, helloOk: true}")
                .sent(MessageHeader.OP_QUERY);
        assertThat(WireBytes.read(hello)).isEmpty();
    }

    private static List<Arguments> refused() {
        byte[] write = new WireBytes()
                .number(0)
                .text("d.$cmd")
                .number(0)
                .number(-1)
                .document("{insert: 'c', documents: [{}]}")
                .sent(MessageHeader.OP_QUERY);
        byte[] compressed = new WireBytes()
                .number(2013)
                .number(99)
                .raw((byte) 2, (byte) 0x78)
                .sent(MessageHeader.OP_COMPRESSED);
        return List.of(
                Arguments.of("compresses what it sends", compressed),
                Arguments.of("writes by OP_QUERY", write),
                Arguments.of("a message of type 2002", new WireBytes().number(0).sent(2002)));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatCannotBeCountedIsRefused(String why, byte[] sent) {
        Failure failure = catchThrowableOfType(Failure.class, () -> WireBytes.read(sent));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text()).contains(why);
        assertThat(failure.hint()).endsWith(".");
    }

    private static Stream<Arguments> malformed() {
        byte[] text = new byte[20_000];
        Arrays.fill(text, (byte) 'x');
        String name = new String(text, StandardCharsets.US_ASCII);
        return Stream.of(
                Arguments.of("length of 15", new WireBytes().sent(15, 2013)),
                Arguments.of("length of -1", new WireBytes().sent(-1, 2013)),
                Arguments.of("length of 48000001", new WireBytes().sent(48_000_001, 2013)),
                Arguments.of("no flags", new WireBytes().sent()),
                Arguments.of(
                        "flags nobody knows",
                        WireBytes.message(4).body("{find: 'c'}").sent()),
                Arguments.of("no section", WireBytes.message(0).sent()),
                Arguments.of(
                        "sequence alone",
                        WireBytes.message(0).sequence("documents", "{}").sent()),
                Arguments.of(
                        "section of kind 2", WireBytes.message(0).raw((byte) 2).sent()),
                Arguments.of("no command", WireBytes.command("{}")),
                Arguments.of(
                        "two bodies",
                        WireBytes.message(0)
                                .body("{drop: 'c', $db: 'd'}")
                                .body("{drop: 'c', $db: 'd'}")
                                .sent()),
                Arguments.of(
                        "body longer than the message",
                        WireBytes.message(0)
                                .raw((byte) 0)
                                .number(500)
                                .raw(new byte[3])
                                .sent()),
                Arguments.of(
                        "body of no length",
                        WireBytes.message(0)
                                .raw((byte) 0)
                                .number(0)
                                .raw((byte) 0)
                                .sent()),
                Arguments.of(
                        "body that says it is shorter",
                        WireBytes.message(0)
                                .raw((byte) 0)
                                .number(12)
                                .raw(tail(WireBytes.bson("{drop: 'c', $db: 'd'}")))
                                .sent()),
                Arguments.of(
                        "value of unknown type",
                        WireBytes.message(0)
                                .raw((byte) 0)
                                .number(20)
                                .raw((byte) 2)
                                .text("drop")
                                .number(2)
                                .text("c")
                                .raw((byte) 0x55)
                                .text("x")
                                .sent()),
                Arguments.of(
                        "string of negative length",
                        WireBytes.message(0)
                                .raw((byte) 0)
                                .number(30)
                                .raw((byte) 2)
                                .text("drop")
                                .number(-5)
                                .text("c")
                                .sent()),
                Arguments.of(
                        "sequence longer than the message",
                        WireBytes.message(0)
                                .raw((byte) 1)
                                .number(100)
                                .text("documents")
                                .sent()),
                Arguments.of(
                        "sequence of length 3",
                        WireBytes.message(0)
                                .raw((byte) 1)
                                .number(3)
                                .text("documents")
                                .sent()),
                Arguments.of(
                        "sequence that ends within a document",
                        WireBytes.message(0)
                                .raw((byte) 1)
                                .number(4 + 2 + 3)
                                .text("d")
                                .document("{}")
                                .body("{drop: 'c'}")
                                .sent()),
                Arguments.of(
                        "document of length 4 in a sequence",
                        WireBytes.message(0)
                                .raw((byte) 1)
                                .number(4 + 2 + 4)
                                .text("d")
                                .number(4)
                                .sent()),
                Arguments.of(
                        "sections that end within the checksum",
                        WireBytes.message(WireBytes.CHECKSUM)
                                .body("{drop: 'c', $db: 'd'}")
                                .sent()),
                Arguments.of("transaction number that is none", WireBytes.command("{drop: 'c', txnNumber: 'x'}")),
                Arguments.of("name longer than any", WireBytes.command("{drop: '" + name + "'}")),
                Arguments.of("field longer than any", WireBytes.command("{" + name + ": 1}")));
    }

    private static byte[] tail(byte[] document) {
        return Arrays.copyOfRange(document, 4, document.length);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aMessageThatContradictsItselfIsAnErrorAndNeverWaitedFor(String what, byte[] sent) {
        assertThatThrownBy(() -> WireBytes.read(sent)).as(what).isInstanceOf(BSONException.class);
    }

    @Test
    void whateverIsBrokenInAMessageIsAnErrorOrAnotherMessage() {
        long seed = new Random().nextLong();
        System.out.println("seed of broken messages: " + seed);
        var random = new Random(seed);
        byte[] good = WireBytes.message(0)
                .body("{insert: 'c', txnNumber: {$numberLong: '5'}, " + SESSION + ", $db: 'd'}")
                .sequence("documents", "{a: [1, {b: 2}]}", "{a: 'text'}")
                .sent();
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = good.clone();
            for (int bytes = 1 + random.nextInt(3); bytes > 0; bytes--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(WireBytes.read(bad)).as("seed %d", seed).isNotNull();
            } catch (BSONException | UncheckedIOException | Failure expected) {
                assertThat(expected).as("seed %d", seed).isNotNull();
            }
        }
    }

    @Test
    void aConnectionThatEndsWithinAMessageIsNoMessage() {
        byte[] whole = WireBytes.command("{insert: 'c', documents: [{}], $db: 'd'}");
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> WireBytes.read(cut)).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void theLastBytesOfAMessageStayUntilItIsReleased() {
        String[] documents = new String[3_000];
        Arrays.fill(documents, "{text: '" + "x".repeat(1_000) + "'}");
        byte[] large = WireBytes.message(0)
                .body("{insert: 'c', $db: 'd'}")
                .sequence("documents", documents)
                .sent();
        var passed = new ByteArrayOutputStream();
        assertThat(WireBytes.read(large, passed).map(CommandReaderTest::told)).hasValue("insert [d.c] 3000");
        assertThat(passed.size()).isBetween(large.length - PassingBytes.HELD_MAX, large.length - 1);
        assertThat(passed.toByteArray()).isEqualTo(Arrays.copyOf(large, passed.size()));
    }
}
