package io.firedrill.staging;

import java.util.Set;

/** What a child is told of the world around: nothing that it does not need, for others may read it, and secrets are among it. */
final class BareEnvironment {
    private static final Set<String> NEEDED =
            Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH");

    private BareEnvironment() {}

    static ProcessBuilder of(ProcessBuilder child) {
        child.environment().keySet().retainAll(NEEDED);
        return child;
    }
}
