package io.firedrill.runner;

import java.util.List;
import java.util.Map;

/**
 * What of its backup a restore was about; the names are those of the JSON output.
 *
 * @param partial whether something was left out by --include or --exclude, so that the backup as a whole is not proven
 * @param leftOut every collection that was not restored, whoever left it out
 * @param renamed source names and target names of what was renamed
 */
record RestoreScope(boolean partial, List<String> leftOut, Map<String, String> renamed) {
    static final RestoreScope WHOLE = new RestoreScope(false, List.of(), Map.of());

    RestoreScope {
        leftOut = List.copyOf(leftOut);
    }
}
