package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysForEvidenceTest {
    /** Of the group of Ed25519 (RFC 8032, 5.1). */
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    @Test
    void aKeyReadFromItsFileSignsAsTheSameOne() {
        SigningKey key = SigningKey.make();
        SigningKey read = SigningKey.parse(key.privatePem(), "a file");
        assertThat(read.id()).isEqualTo(key.id());
        byte[] message = {1, 2, 3};
        assertThat(key.publicKey().verifies(message, read.sign(message))).isTrue();
        assertThat(VerifyingKey.parse(read.publicKey().pem(), "a file").id()).isEqualTo(key.id());
        assertThat(key).asString().doesNotContain("PRIVATE").contains(key.id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "X25519", "Ed448"})
    void aKeyOfAnotherKindIsRefused(String kind) throws GeneralSecurityException {
        var pair = KeyPairGenerator.getInstance(kind).generateKeyPair();
        String secret = Pem.encode("PRIVATE KEY", pair.getPrivate().getEncoded());
        Failure failure = catchThrowableOfType(Failure.class, () -> SigningKey.parse(secret, "a file"));
        assertThat(failure.kind()).isEqualTo(FailureKind.KEY_WRONG);
        assertThat(failure.text() + failure.hint())
                .doesNotContain(secret.lines().toList().get(1));
        String open = Pem.encode("PUBLIC KEY", pair.getPublic().getEncoded());
        assertThat(catchThrowableOfType(Failure.class, () -> VerifyingKey.parse(open, "a file"))
                        .kind())
                .isEqualTo(FailureKind.KEY_WRONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "-----BEGIN PRIVATE KEY-----\nAAA=A\n-----END PRIVATE KEY-----\n"})
    void whatIsNoKeyIsRefused(String text) {
        assertThat(catchThrowableOfType(Failure.class, () -> SigningKey.parse(text, "f"))
                        .text())
                .isEqualTo("f is no private Ed25519 key in PKCS#8 PEM");
        assertThat(VerifyingKey.read(text)).isEmpty();
    }

    /** Of many, the first are verified by the JDK and the others by Tink: what one takes or refuses, so does the other. */
    @Test
    void theManiethSignatureIsJudgedAsTheFirst() {
        SigningKey key = SigningKey.make();
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 150; i++) {
            byte[] message = new byte[random.nextInt(200)];
            random.nextBytes(message);
            byte[] signature = key.sign(message);
            assertThat(key.publicKey().verifies(message, signature))
                    .as("seed %d", seed)
                    .isTrue();

            assertThat(key.publicKey().verifies(message, writtenOtherwise(signature)))
                    .as("number %d with the order of the group added, seed %d", i, seed)
                    .isFalse();
            signature[random.nextInt(signature.length)] ^= (byte) (1 << random.nextInt(8));
            assertThat(key.publicKey().verifies(message, signature))
                    .as("number %d with a bit turned, seed %d", i, seed)
                    .isFalse();
            assertThat(key.publicKey().verifies(new byte[3], new byte[i % 70])).isFalse();
        }
    }

    /** What anybody could make of a signature, and what RFC 8032, 5.1.7 refuses: its second half is a number below the group's order. */
    private static byte[] writtenOtherwise(byte[] signature) {
        var number = new BigInteger(1, reversed(Arrays.copyOfRange(signature, 32, 64))).add(ORDER);
        byte[] other = signature.clone();
        for (int i = 0; i < 32; i++) {
            other[32 + i] = number.shiftRight(8 * i).byteValue();
        }
        return other;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    /** RFC 6962 by its own recursion, against the edge that is carried along. */
    @Test
    void theEdgeGivesTheRootThatTheDefinitionGives() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var leaves = new ArrayList<byte[]>();
        CompactRange range = CompactRange.EMPTY;
        assertThat(range.rootHex()).isEqualTo(Hashes.sha256Hex(new byte[0]));
        for (int size = 1; size <= 70; size++) {
            byte[] payload = Long.toString(random.nextLong()).getBytes(StandardCharsets.UTF_8);
            leaves.add(CompactRange.leaf(payload));
            range = range.with(CompactRange.leaf(payload));
            assertThat(range.rootHex()).as("%d leaves, seed %d", size, seed).isEqualTo(Hashes.hex(root(leaves)));
            assertThat(new CompactRange(range.size(), range.subtrees()).rootHex())
                    .isEqualTo(range.rootHex());
        }
    }

    private static byte[] root(List<byte[]> leaves) {
        if (leaves.size() == 1) {
            return leaves.getFirst();
        }
        int left = Integer.highestOneBit(leaves.size() - 1);
        return Hashes.sha256(new byte[] {1}, root(leaves.subList(0, left)), root(leaves.subList(left, leaves.size())));
    }
}
