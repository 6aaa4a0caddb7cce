package io.firedrill.storage;

import java.util.Map;

/** What to do about each way in which an S3 server says no. */
final class S3Denials {
    private static final String OTHERWISE =
            "Grant this identity the right to list the bucket and to put and read objects under the prefix.";
    private static final String CLOCK =
            "Set this machine's clock by NTP: it differs from the store's by more than the 15 minutes that S3 allows.";
    private static final String RENEW =
            "Renew the temporary credentials of this process, then start the command again.";

    private static final String UNKNOWN = "Check the access key: the store does not know it.";

    private static final Map<String, String> HINTS = Map.ofEntries(
            Map.entry("InvalidAccessKeyId", UNKNOWN),
            Map.entry("XAdminUserNotFound", UNKNOWN), // versitygw says so, with status 404.
            Map.entry("SignatureDoesNotMatch", "Check the secret key: it does not belong to the access key."),
            Map.entry("AccessDenied", OTHERWISE),
            Map.entry("AllAccessDisabled", OTHERWISE),
            Map.entry("ExpiredToken", RENEW),
            Map.entry("ExpiredTokenException", RENEW),
            Map.entry("InvalidToken", RENEW),
            Map.entry("RequestTimeTooSkewed", CLOCK),
            Map.entry("RequestExpired", CLOCK),
            Map.entry("ObjectLocked", "The object is under retention: wait until it ends."));

    private S3Denials() {}

    static boolean knows(String code) {
        return HINTS.containsKey(code);
    }

    static String hint(String code) {
        return HINTS.getOrDefault(code, OTHERWISE);
    }
}
