package io.firedrill.storage;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;

/**
 * A symmetric key of AWS KMS. Wrapping takes {@code kms:Encrypt}, opening {@code kms:Decrypt}; no other permission.
 *
 * <p>The endpoint is the region's, or what {@code AWS_ENDPOINT_URL_KMS} says.
 */
public final class KmsKey implements WrappingKey {
    private static final Pattern ARN =
            Pattern.compile("arn:aws[a-z-]{0,20}:kms:([a-z0-9-]{1,40}):\\d{12}:key/[A-Za-z0-9-]{1,64}");
    private static final Duration CALL_MAX = Duration.ofSeconds(30);

    private final String arn;
    private final String region;
    private @Nullable KmsClient client;

    private KmsKey(String arn, String region) {
        this.arn = arn;
        this.region = region;
    }

    /** Asks nobody yet. An alias is refused: it may stand for another key tomorrow, and backups stay for years. */
    public static KmsKey of(String arn) {
        Matcher matcher = ARN.matcher(arn);
        if (!matcher.matches()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "'%s' is not the ARN of a key of AWS KMS".formatted(arn),
                    "Name the key itself and not an alias, like arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab.");
        }
        return new KmsKey(arn, matcher.group(1));
    }

    @Override
    public String name() {
        return arn;
    }

    @Override
    public byte[] wrap(byte[] secret, Map<String, String> context) {
        return asked(
                "kms:Encrypt",
                () -> client().encrypt(request ->
                                request.keyId(arn).encryptionContext(context).plaintext(SdkBytes.fromByteArray(secret)))
                        .ciphertextBlob()
                        .asByteArray());
    }

    @Override
    public Optional<byte[]> unwrap(byte[] wrapped, Map<String, String> context) {
        return asked("kms:Decrypt", () -> {
            try {
                return Optional.of(client().decrypt(request -> request.keyId(arn)
                                .encryptionContext(context)
                                .ciphertextBlob(SdkBytes.fromByteArray(wrapped)))
                        .plaintext()
                        .asByteArray());
            } catch (InvalidCiphertextException | IncorrectKeyException changed) {
                return Optional.empty();
            }
        });
    }

    private <T> T asked(String action, Supplier<T> question) {
        try {
            return question.get();
        } catch (SdkException answer) {
            throw KmsFaults.of(action, arn, answer);
        }
    }

    /** Built when it is first needed: most commands never ask. It lives as long as the process. */
    private synchronized KmsClient client() {
        if (client == null) {
            client = KmsClient.builder()
                    .region(Region.of(region))
                    .credentialsProvider(DefaultCredentialsProvider.builder().build())
                    .httpClientBuilder(Apache5HttpClient.builder())
                    .overrideConfiguration(settings ->
                            settings.retryStrategy(RetryMode.STANDARD).apiCallTimeout(CALL_MAX))
                    .build();
        }
        return client;
    }

    @Override
    public String toString() {
        return arn;
    }
}
