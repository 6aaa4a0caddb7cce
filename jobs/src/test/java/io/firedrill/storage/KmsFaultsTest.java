package io.firedrill.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

class KmsFaultsTest {
    private static final String ARN = "arn:aws:kms:eu-central-1:111122223333:key/1";

    @ParameterizedTest
    @CsvSource({
        "400, NotFoundException, KEY_MISSING",
        "400, DisabledException, KEY_MISSING",
        "400, KMSInvalidStateException, KEY_MISSING",
        "400, InvalidKeyUsageException, CONFIGURATION_INVALID",
        "400, AccessDeniedException, ACCESS_DENIED",
        "400, UnrecognizedClientException, ACCESS_DENIED",
        "403, SomethingNew, ACCESS_DENIED",
        "401, SomethingNew, ACCESS_DENIED",
        "400, ThrottlingException, DEPENDENCY_UNAVAILABLE",
        "500, KMSInternalException, DEPENDENCY_UNAVAILABLE",
    })
    void eachAnswerHasItsKindAndNamesTheActionAndTheKey(int status, String code, FailureKind kind) {
        Failure failure = KmsFaults.of("kms:Decrypt", ARN, answer(status, code));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.text()).startsWith("kms:Decrypt with " + ARN).endsWith(code);
        assertThat(failure.text() + failure.hint()).doesNotContain("the server's own words");
    }

    @Test
    void whoHasNoCredentialsOrGetsNoAnswerIsToldSo() {
        Failure none = KmsFaults.of("kms:Encrypt", ARN, SdkClientException.create("Unable to load credentials from …"));
        assertThat(none.kind()).isEqualTo(FailureKind.ACCESS_DENIED);
        Failure silence = KmsFaults.of("kms:Encrypt", ARN, SdkClientException.create("Connection refused"));
        assertThat(silence.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        assertThat(silence.hint()).contains("AWS_ENDPOINT_URL_KMS");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alias/backups",
                "arn:aws:kms:eu-central-1:111122223333:alias/backups",
                "arn:aws:s3:eu-central-1:111122223333:key/1",
                "arn:aws:kms:eu-central-1:1111:key/1",
                "arn:aws:kms:eu-central-1:111122223333:key/1/2",
                ""
            })
    void anythingButTheArnOfAKeyIsRefused(String name) {
        Failure failure = catchThrowableOfType(Failure.class, () -> KmsKey.of(name));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text()).contains("'" + name + "'");
    }

    @Test
    void everyPartitionOfAwsHasKeys() {
        assertThat(KmsKey.of("arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1234")
                        .name())
                .startsWith("arn:aws-us-gov");
    }

    private static AwsServiceException answer(int status, String code) {
        return AwsServiceException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage("the server's own words")
                        .build())
                .build();
    }
}
