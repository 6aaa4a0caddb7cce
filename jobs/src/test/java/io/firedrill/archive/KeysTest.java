package io.firedrill.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {
    private static final KeyName HERE = new KeyName("shop", "0123456789abcdef");
    private static final KeyName THERE = new KeyName("shop", "0123456789abcdee");
    private static final byte[] SECRET = "thirty-two bytes of a data key..".getBytes(UTF_8);

    private static Failure failureOf(ThrowingCallable work) {
        var failure = new Failure[1];
        assertThatThrownBy(work).isInstanceOfSatisfying(Failure.class, thrown -> failure[0] = thrown);
        assertThat(failure[0].kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        return failure[0];
    }

    @Test
    void keysOfOpensslAreKeysOfOurs(@TempDir Path directory) throws Exception {
        Path secret = directory.resolve("private.pem");
        openssl("genpkey", "-algorithm", "X25519", "-out", secret.toString());
        openssl(
                "pkey",
                "-in",
                secret.toString(),
                "-pubout",
                "-out",
                directory.resolve("public.pem").toString());
        OpeningKey opening = OpeningKey.parse(Files.readString(secret), "private.pem");
        Recipient recipient = Recipient.parse(Files.readString(directory.resolve("public.pem")), "public.pem");

        assertThat(opening.fingerprint()).isEqualTo(recipient.fingerprint()).matches("[0-9a-f]{16}");
        assertThat(opening.unwrap(recipient.wrap(SECRET, HERE), HERE)).contains(SECRET);
    }

    @Test
    void keysOfOursAreKeysOfOpenssl(@TempDir Path directory) throws Exception {
        OpeningKey.Pair pair = OpeningKey.make();
        Path secret = Files.writeString(directory.resolve("private.pem"), pair.opening());
        assertThat(openssl("pkey", "-in", secret.toString(), "-pubout")).isEqualTo(pair.recipient());
    }

    private static String openssl(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void aWrapOpensForItsRecipientAloneAndOnlyWhereItBelongs() {
        OpeningKey.Pair pair = OpeningKey.make();
        OpeningKey ours = OpeningKey.parse(pair.opening(), "a");
        OpeningKey other = OpeningKey.parse(OpeningKey.make().opening(), "b");
        byte[] wrapped = Recipient.parse(pair.recipient(), "a").wrap(SECRET, HERE);
        assertThat(ours.unwrap(wrapped, HERE)).contains(SECRET);
        assertThat(ours.unwrap(wrapped, THERE)).isEmpty();
        assertThat(other.unwrap(wrapped, HERE)).isEmpty();
        wrapped[40] ^= 1;
        assertThat(ours.unwrap(wrapped, HERE)).isEmpty();
    }

    @Test
    void whatIsNoKeyIsNamedAsWhatItIs() {
        OpeningKey.Pair pair = OpeningKey.make();
        String storeKey = StoreKey.make();
        assertThat(failureOf(() -> OpeningKey.parse(pair.recipient(), "private.pem"))
                        .text())
                .isEqualTo("private.pem is not a PRIVATE KEY: it holds a PUBLIC KEY");
        assertThat(failureOf(() -> Recipient.parse(pair.opening(), "public.pem"))
                        .text())
                .isEqualTo("public.pem is not a PUBLIC KEY: it holds a PRIVATE KEY");
        assertThat(failureOf(() -> StoreKey.parse("hello", "store.key")).text())
                .isEqualTo("store.key is not a FIREDRILL STORE KEY: it holds no PEM block");
        assertThat(failureOf(() -> StoreKey.parse(Pem.encode("FIREDRILL STORE KEY", new byte[9]), "store.key"))
                        .text())
                .contains("it holds 9 bytes instead of 32");
        assertThat(failureOf(() -> Recipient.parse(Pem.encode("PUBLIC KEY", new byte[44]), "public.pem"))
                        .text())
                .contains("it is no X25519 key");
        assertThat(failureOf(() -> OpeningKey.parse(Pem.encode("PRIVATE KEY", new byte[48]), "private.pem"))
                        .text())
                .contains("it is no X25519 key");
        assertThat(failureOf(() -> StoreKey.parse(storeKey.replace("=", "=A="), "store.key"))
                        .text())
                .contains("cut off or changed");
    }

    @Test
    void noKeyShowsItselfWhenItIsPrinted() {
        OpeningKey.Pair pair = OpeningKey.make();
        String storeKey = StoreKey.make();
        var printed = List.of(
                pair.toString(),
                OpeningKey.parse(pair.opening(), "a").toString(),
                StoreKey.parse(storeKey, "b").toString(),
                DataKey.random().toString());
        assertThat(printed).allSatisfy(text -> {
            assertThat(text).doesNotContain(body(pair.opening())).doesNotContain(body(storeKey));
            assertThat(text).matches("key pair|(private key of|store key|data key) [0-9a-f]{16}");
        });
    }

    private static String body(String pem) {
        return pem.lines().skip(1).findFirst().orElseThrow();
    }

    @Test
    void whatIsSealedOpensUnderItsNameAndUnchangedOnly() {
        StoreKey key = StoreKey.parse(StoreKey.make(), "store.key");
        byte[] sealed = key.seal(SECRET, "plan\nthis");
        assertThat(sealed).as("a repeated write gives equal bytes").isEqualTo(key.seal(SECRET, "plan\nthis"));
        assertThat(key.owns(sealed)).isTrue();
        assertThat(StoreKey.parse(StoreKey.make(), "other").owns(sealed)).isFalse();
        assertThat(key.open(sealed, "plan\nthis")).contains(SECRET);
        assertThat(key.open(sealed, "plan\nthat")).isEmpty();
        assertThat(key.open(new byte[3], "plan\nthis")).isEmpty();
        sealed[sealed.length - 1] ^= 1;
        assertThat(key.open(sealed, "plan\nthis")).isEmpty();
    }

    @Test
    void anAddressTellsNothingWithoutTheKey() {
        String digest = Digests.sha256Hex(SECRET);
        StoreKey one = StoreKey.parse(StoreKey.make(), "one");
        StoreKey other = StoreKey.parse(StoreKey.make(), "other");
        assertThat(one.address(digest)).isEqualTo(one.address(digest)).matches("[0-9a-f]{64}");
        assertThat(one.address(digest)).isNotEqualTo(other.address(digest)).isNotEqualTo(digest);
    }

    @Test
    void recipientsWithoutAStoreKeyAreNoSetOfKeys() {
        Recipient recipient = Recipient.parse(OpeningKey.make().recipient(), "public.pem");
        assertThatThrownBy(() -> new ArchiveKeys(Optional.empty(), List.of(recipient), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
