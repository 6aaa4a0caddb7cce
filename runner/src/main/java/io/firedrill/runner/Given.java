package io.firedrill.runner;

import org.jspecify.annotations.Nullable;

/** One setting as it was given, before it is understood: its text, or null if nobody gave it, and where from. */
record Given(Setting setting, @Nullable String text, Origin origin) {
    /** What may be shown: the text, or of a secret only whether there is one. */
    String shown() {
        String value = text;
        if (value == null) {
            return "not set";
        }
        return setting.secret() ? "set" : value;
    }

    @Override
    public String toString() {
        return setting.key() + "=" + shown() + " (" + origin + ")";
    }
}
