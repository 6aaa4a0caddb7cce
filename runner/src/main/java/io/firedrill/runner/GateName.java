package io.firedrill.runner;

import java.util.regex.Pattern;

/** How gates of a build are named, in the ledger and in the readiness file. */
final class GateName {
    static final String HINT = "It has small letters, digits and dashes, and begins with a letter: unit-tests.";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    private GateName() {}

    static boolean isOne(String text) {
        return NAME.matcher(text).matches();
    }
}
