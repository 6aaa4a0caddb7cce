package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program of somebody else's finds in its environment. */
class ChildProcessTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "FIREDRILL_SOURCE_URI",
                "FIREDRILL_STORE",
                "AWS_SECRET_ACCESS_KEY",
                "AWS_SESSION_TOKEN",
                "AWS_ROLE_ARN",
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "AWS_SHARED_CREDENTIALS_FILE"
            })
    void whatOpensOurStoreIsKeptFromIt(String variable) {
        assertThat(ChildProcess.isOurs(variable)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATH", "HOME", "AWS_REGION", "NODE_OPTIONS", "MONGODB_URI", "MY_FIREDRILL_X"})
    void whatItNeedsOfItsOwnItGets(String variable) {
        assertThat(ChildProcess.isOurs(variable)).isFalse();
    }
}
