package io.firedrill.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.testing.KmsServer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/** Keys of AWS KMS, on a service that speaks its protocol and keeps real keys. */
class KmsKeyIT {
    private static final byte[] SECRET = "thirty-two bytes of a data key..".getBytes(UTF_8);
    private static final Map<String, String> HERE = Map.of("firedrill-source", "shop", "firedrill-key", "1");
    private static final Map<String, String> THERE = Map.of("firedrill-source", "shop", "firedrill-key", "2");

    private List<String> arns = List.of();
    private KmsKey key = KmsKey.of("arn:aws:kms:eu-central-1:111122223333:key/unset");

    @BeforeEach
    void find() {
        arns = KmsServer.keys("keys of AWS KMS");
        key = KmsKey.of(arns.getFirst());
    }

    @Test
    void whatAKeyWrapsItOpensInTheSameContextAlone() {
        byte[] wrapped = key.wrap(SECRET, HERE);
        assertThat(new String(wrapped, UTF_8)).doesNotContain("data key");
        assertThat(key.unwrap(wrapped, HERE)).contains(SECRET);
        assertThat(key.unwrap(wrapped, THERE)).isEmpty();
        assertThat(key.unwrap(wrapped, Map.of())).isEmpty();
    }

    @Test
    void whatWasChangedOrIsAnotherKeysDoesNotOpen() {
        byte[] wrapped = key.wrap(SECRET, HERE);
        assertThat(KmsKey.of(arns.getLast()).unwrap(wrapped, HERE)).isEmpty();
        wrapped[wrapped.length - 1] ^= 1;
        assertThat(key.unwrap(wrapped, HERE)).isEmpty();
    }

    /** A key of this test's own: those of the service are in use elsewhere at the same time. */
    @Test
    void aKeyThatIsSwitchedOffOrNotThereIsNamed() {
        KmsKey own = KmsKey.of(administered(kms -> kms.createKey().keyMetadata().arn()));
        try {
            byte[] wrapped = own.wrap(SECRET, HERE);
            administered(kms -> kms.disableKey(request -> request.keyId(own.name())));
            Failure failure = catchThrowableOfType(Failure.class, () -> own.unwrap(wrapped, HERE));
            assertThat(failure.kind()).isEqualTo(FailureKind.KEY_MISSING);
            assertThat(failure.text()).isEqualTo("kms:Decrypt with %s: DisabledException".formatted(own.name()));
        } finally {
            administered(kms ->
                    kms.scheduleKeyDeletion(request -> request.keyId(own.name()).pendingWindowInDays(7)));
        }
        KmsKey gone = KmsKey.of("arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-0000-0000-000000000000");
        Failure failure = catchThrowableOfType(Failure.class, () -> gone.wrap(SECRET, HERE));
        assertThat(failure.kind()).isEqualTo(FailureKind.KEY_MISSING);
        assertThat(failure.text()).contains("kms:Encrypt", "NotFoundException");
    }

    private static <T> T administered(Function<KmsClient, T> work) {
        try (KmsClient kms = KmsClient.builder().region(Region.EU_CENTRAL_1).build()) {
            return work.apply(kms);
        }
    }
}
