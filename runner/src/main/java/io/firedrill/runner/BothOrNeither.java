package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import org.jspecify.annotations.Nullable;

/** A user without a password, or the other way round, is a slip. */
final class BothOrNeither {
    private BothOrNeither() {}

    static void require(
            Setting userSetting, @Nullable String user, Setting passwordSetting, @Nullable Secret password) {
        if ((user == null) != (password == null)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "of %s and %s only one is set".formatted(userSetting.key(), passwordSetting.key()),
                    "Set both, or neither.");
        }
    }
}
