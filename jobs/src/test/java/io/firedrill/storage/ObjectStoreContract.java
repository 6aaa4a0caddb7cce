package io.firedrill.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every store promises, wherever it keeps its bytes. */
interface ObjectStoreContract {
    /** An empty store. */
    ObjectStore store();

    /** How many keys make more than two pages. */
    int keysOfThreePages();

    private static void put(ObjectStore store, String... keys) {
        for (String key : keys) {
            assertThat(store.create(ObjectKey.of(key), Content.of(key.getBytes(UTF_8))))
                    .as(key)
                    .isTrue();
        }
    }

    private static List<String> keys(Stream<ObjectInfo> listing) {
        return listing.map(info -> info.key().value()).toList();
    }

    private static byte[] all(InputStream opened) throws IOException {
        try (var in = opened) {
            return in.readAllBytes();
        }
    }

    private static void assertFails(FailureKind kind, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(kind));
    }

    @Test
    default void whatWasCreatedIsReadBack() throws IOException {
        try (var store = store()) {
            var key = ObjectKey.of("some/where/thing.bin");
            byte[] bytes = "some bytes".getBytes(UTF_8);
            assertThat(store.create(key, Content.of(bytes))).isTrue();
            assertThat(all(store.open(key).orElseThrow())).isEqualTo(bytes);
            assertThat(store.read(key, bytes.length)).hasValue(bytes);
            assertThat(store.head(key)).hasValue(new ObjectInfo(key, bytes.length));
        }
    }

    @Test
    default void anObjectIsNeverReplaced() {
        try (var store = store()) {
            var key = ObjectKey.of("k");
            assertThat(store.create(key, Content.of(new byte[] {1}))).isTrue();
            assertThat(store.create(key, Content.of(new byte[] {2}))).isFalse();
            assertThat(store.create(key, Content.of(new byte[] {1}))).isFalse();
            assertThat(store.read(key, 9)).hasValue(new byte[] {1});
        }
    }

    @Test
    default void ofSixteenWritersOneWins() throws Exception {
        try (var store = store();
                var threads = Executors.newFixedThreadPool(16)) {
            for (int round = 0; round < 10; round++) {
                var key = ObjectKey.of("race/" + round);
                var start = new CyclicBarrier(16);
                var writers = IntStream.range(0, 16)
                        .<Callable<Boolean>>mapToObj(writer -> () -> {
                            start.await();
                            return store.create(key, Content.of(new byte[] {(byte) writer}));
                        })
                        .toList();
                var winners = threads.invokeAll(writers).stream()
                        .map(java.util.concurrent.Future::resultNow)
                        .toList();
                assertThat(winners).containsOnlyOnce(true);
                assertThat(store.read(key, 1)).hasValue(new byte[] {(byte) winners.indexOf(true)});
            }
        }
    }

    @Test
    default void bytesThatDoNotMatchTheirChecksumAreRefusedAndNeverSeen() {
        try (var store = store()) {
            var key = ObjectKey.of("wrong/sum");
            byte[] bytes = "right".getBytes(UTF_8);
            var content = Content.of(
                    bytes.length, Sha256.of("wrong".getBytes(UTF_8)), () -> new java.io.ByteArrayInputStream(bytes));
            assertFails(FailureKind.BACKUP_DAMAGED, () -> store.create(key, content));
            assertThat(store.head(key)).isEmpty();
            assertThat(store.list("")).isEmpty();
            assertThat(store.create(key, Content.of(bytes))).isTrue();
        }
    }

    @Test
    default void anEmptyObjectIsAnObject() throws IOException {
        try (var store = store()) {
            var key = ObjectKey.of("empty");
            assertThat(store.create(key, Content.of(new byte[0]))).isTrue();
            assertThat(all(store.open(key).orElseThrow())).isEmpty();
            assertThat(store.read(key, 0)).hasValue(new byte[0]);
            assertThat(all(store.openRange(key, 0, 0).orElseThrow())).isEmpty();
            assertThat(store.head(key)).hasValue(new ObjectInfo(key, 0));
            assertThat(store.list("")).containsExactly(new ObjectInfo(key, 0));
        }
    }

    @Test
    default void sixtyFourMegabytesArriveWhole() throws IOException {
        try (var store = store()) {
            var key = ObjectKey.of("large");
            long bytes = 64L << 20;
            byte[] sum = Sha256.of(new NoiseStream(7, bytes));
            assertThat(store.create(key, Content.of(bytes, sum, () -> new NoiseStream(7, bytes))))
                    .isTrue();
            try (var in = store.open(key).orElseThrow()) {
                assertThat(Sha256.of(in)).isEqualTo(sum);
            }
            var tail = new NoiseStream(7, bytes);
            tail.skipNBytes(bytes - 1000);
            assertThat(all(store.openRange(key, bytes - 1000, 1000).orElseThrow()))
                    .isEqualTo(tail.readAllBytes());
        }
    }

    @Test
    default void aRangeIsReadAndNoMore() throws IOException {
        try (var store = store()) {
            put(store, "0123456789");
            var key = ObjectKey.of("0123456789");
            assertThat(all(store.openRange(key, 3, 4).orElseThrow())).asString().isEqualTo("3456");
            assertThat(all(store.openRange(key, 0, 10).orElseThrow()))
                    .asString()
                    .isEqualTo("0123456789");
            assertThat(all(store.openRange(key, 10, 0).orElseThrow())).isEmpty();
            try (var in = store.openRange(key, 8, 2).orElseThrow()) {
                assertThat(in.read()).isEqualTo('8');
                assertThat(in.read(new byte[4], 1, 0)).isZero();
                assertThat(in.read()).isEqualTo('9');
                assertThat(in.read()).isEqualTo(-1);
            }
        }
    }

    @Test
    default void aRangeThatIsNotAllThereIsDamage() {
        try (var store = store()) {
            put(store, "ten bytes!");
            var key = ObjectKey.of("ten bytes!");
            assertFails(FailureKind.BACKUP_DAMAGED, () -> store.openRange(key, 5, 6));
            assertFails(FailureKind.BACKUP_DAMAGED, () -> store.openRange(key, 10, 1));
            assertFails(FailureKind.BACKUP_DAMAGED, () -> store.openRange(key, 11, 0));
            assertThatIllegalArgumentException().isThrownBy(() -> store.openRange(key, -1, 1));
            assertThatIllegalArgumentException().isThrownBy(() -> store.openRange(key, 0, -1));
        }
    }

    @Test
    default void aSmallObjectThatIsTooLargeIsDamage() {
        try (var store = store()) {
            put(store, "ten bytes!");
            assertFails(FailureKind.BACKUP_DAMAGED, () -> store.read(ObjectKey.of("ten bytes!"), 9));
        }
    }

    @Test
    default void whatIsNotThereIsEmpty() {
        try (var store = store()) {
            var key = ObjectKey.of("no/such/thing");
            for (int time = 0; time < 2; time++) {
                assertThat(store.head(key)).isEmpty();
                assertThat(store.open(key)).isEmpty();
                assertThat(store.openRange(key, 0, 0)).isEmpty();
                assertThat(store.openRange(key, 5, 5)).isEmpty();
                assertThat(store.read(key, 5)).isEmpty();
                assertThat(store.list("no/")).isEmpty();
                store.delete(key);
                put(store, "another" + time);
            }
        }
    }

    @Test
    default void whatIsDeletedIsGoneAndMayBeCreatedAgain() {
        try (var store = store()) {
            put(store, "a/1", "a/2");
            store.delete(ObjectKey.of("a/1"));
            assertThat(keys(store.list(""))).containsExactly("a/2");
            put(store, "a/1");
            assertThat(keys(store.list(""))).containsExactly("a/1", "a/2");
        }
    }

    @Test
    default void keysAreListedInTheByteOrderOfTheWholeKey() {
        try (var store = store()) {
            put(
                    store,
                    "b",
                    "a/b",
                    "a-b",
                    "a0",
                    "a/b.c",
                    "a/B",
                    "a.b/c",
                    "a/b-d/e",
                    "Z",
                    "a/b0/x",
                    "a/\uff5e",
                    "a/\ud83d\ude00");
            assertThat(keys(store.list("")))
                    .containsExactly(
                            "Z",
                            "a-b",
                            "a.b/c",
                            "a/B",
                            "a/b",
                            "a/b-d/e",
                            "a/b.c",
                            "a/b0/x",
                            "a/\uff5e",
                            "a/\ud83d\ude00",
                            "a0",
                            "b");
            assertThat(keys(store.list("a/b"))).containsExactly("a/b", "a/b-d/e", "a/b.c", "a/b0/x");
            assertThat(keys(store.list("a/b", ObjectKey.of("a/b-d")))).containsExactly("a/b-d/e", "a/b.c", "a/b0/x");
            assertThat(keys(store.list("", ObjectKey.of("a/b-d/e"))))
                    .startsWith("a/b.c")
                    .hasSize(6);
            assertThat(keys(store.list("a/", ObjectKey.of("b")))).isEmpty();
            assertThat(keys(store.list("a/b", ObjectKey.of("Z")))).hasSize(4);
            assertThat(keys(store.list("."))).isEmpty();
            assertThatIllegalArgumentException().isThrownBy(() -> store.list("../x"));
            assertThatIllegalArgumentException().isThrownBy(() -> store.list("/"));
        }
    }

    @Test
    default void aListingOfManyPagesMissesNothing() {
        try (var store = store()) {
            var expected = IntStream.range(0, keysOfThreePages())
                    .mapToObj("many/%05d"::formatted)
                    .toList();
            put(store, expected.toArray(String[]::new));
            assertThat(keys(store.list("many/"))).isEqualTo(expected);
            assertThat(keys(store.list("many/", ObjectKey.of(expected.get(4)))))
                    .isEqualTo(expected.subList(5, expected.size()));
            assertThat(keys(store.list("many/").limit(3))).isEqualTo(expected.subList(0, 3));
        }
    }

    @Test
    default void oddKeysAreKeysLikeAnyOther() {
        var odd = List.of(
                " ",
                "a b/c d",
                "a+b%20c&d=e;f?g#h",
                "quote\"'<>`|*",
                "\u00fcml\u00e4ut/\u65e5\u672c\u8a9e/\ud83d\udd25",
                "e\u0301 and \u00e9",
                "...",
                "..a/b..",
                ".hidden/~x",
                "x".repeat(200) + "/" + "y".repeat(200));
        try (var store = store()) {
            put(store, odd.toArray(String[]::new));
            assertThat(keys(store.list(""))).containsExactlyInAnyOrderElementsOf(odd);
            for (String key : odd) {
                assertThat(store.read(ObjectKey.of(key), 9999)).as(key).hasValue(key.getBytes(UTF_8));
            }
        }
    }

    @Test
    default void aStreamThatIsLeftEarlyHarmsNobody() throws IOException {
        try (var store = store()) {
            var key = ObjectKey.of("left");
            long bytes = 8L << 20;
            store.create(key, Content.of(bytes, Sha256.of(new NoiseStream(3, bytes)), () -> new NoiseStream(3, bytes)));
            for (int time = 0; time < 80; time++) {
                try (var in = store.open(key).orElseThrow()) {
                    assertThat(in.read()).isNotNegative();
                }
            }
        }
    }
}
