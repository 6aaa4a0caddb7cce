package io.firedrill.runner;

import io.firedrill.archive.Selection;
import org.jspecify.annotations.Nullable;

/**
 * @param from a time or a cluster time, as it was given
 * @param limit of lines
 */
record OplogShowRequest(
        @Nullable String from, @Nullable String to, Selection selection, boolean definitions, int limit) {}
