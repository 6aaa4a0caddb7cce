package io.firedrill.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firedrill.storage.KmsKey;
import java.util.List;
import java.util.Optional;

/**
 * The key service that {@code scripts/test} starts: the AWS SDK finds it by {@code AWS_ENDPOINT_URL_KMS}, and
 * {@code FIREDRILL_TEST_KMS_KEYS} names two of its keys.
 */
public final class KmsServer {
    private KmsServer() {}

    /** Skips the test, with the promise it leaves unchecked, where there is none. */
    public static List<String> keys(String promise) {
        Optional<String> keys = Optional.ofNullable(System.getenv("FIREDRILL_TEST_KMS_KEYS"));
        assumeTrue(keys.isPresent(), promise + ": not tested, no key service: start one with scripts/kms start");
        return List.of(keys.orElseThrow().split(","));
    }

    /** The first of them. */
    public static KmsKey key(String promise) {
        return KmsKey.of(keys(promise).getFirst());
    }
}
