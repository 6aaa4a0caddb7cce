package io.firedrill.storage;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Names what AWS KMS or the way to it answered. Of the server's own text nothing is repeated but its error code. */
final class KmsFaults {
    private static final Set<String> UNUSABLE =
            Set.of("NotFoundException", "DisabledException", "KMSInvalidStateException");
    private static final Set<String> UNFIT =
            Set.of("InvalidKeyUsageException", "InvalidArnException", "ValidationException");
    private static final Set<String> DENIED = Set.of(
            "AccessDeniedException",
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "IncompleteSignatureException",
            "MissingAuthenticationTokenException",
            "ExpiredTokenException",
            "OptInRequired");

    private KmsFaults() {}

    static Failure of(String action, String arn, SdkException e) {
        if (e instanceof AwsServiceException answer) {
            return answered(action, arn, S3Faults.codeOf(answer), answer);
        }
        if (String.valueOf(e.getMessage()).contains("Unable to load credentials")) {
            return failure(
                    FailureKind.ACCESS_DENIED,
                    action,
                    arn,
                    "no credentials were found",
                    "Give the process credentials where the AWS SDK looks: environment, profile or workload identity.",
                    e);
        }
        return unavailable(action, arn, "no answer", e);
    }

    private static Failure answered(String action, String arn, String code, AwsServiceException e) {
        if (UNUSABLE.contains(code)) {
            return failure(
                    FailureKind.KEY_MISSING,
                    action,
                    arn,
                    code,
                    "Enable the key, or cancel its deletion: without it, what it wrapped opens with another recipient's key only.",
                    e);
        }
        if (UNFIT.contains(code)) {
            return failure(
                    FailureKind.CONFIGURATION_INVALID,
                    action,
                    arn,
                    code,
                    "Name a symmetric key that is for encryption and decryption.",
                    e);
        }
        if (DENIED.contains(code) || e.statusCode() == 401 || e.statusCode() == 403) {
            return failure(
                    FailureKind.ACCESS_DENIED,
                    action,
                    arn,
                    code,
                    "Allow %s with this key for who runs this, in the key's policy and in its own.".formatted(action),
                    e);
        }
        return unavailable(action, arn, (e.statusCode() + " " + code).strip(), e);
    }

    private static Failure unavailable(String action, String arn, String reason, SdkException e) {
        return failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                action,
                arn,
                reason,
                "Check that AWS KMS can be reached from here (or the endpoint that AWS_ENDPOINT_URL_KMS names); then start the command again.",
                e);
    }

    private static Failure failure(
            FailureKind kind, String action, String arn, String reason, String hint, SdkException e) {
        return new Failure(kind, "%s with %s: %s".formatted(action, arn, reason), hint, e);
    }
}
