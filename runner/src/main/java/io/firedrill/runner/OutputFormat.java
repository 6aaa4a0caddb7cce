package io.firedrill.runner;

import java.util.Arrays;
import java.util.Locale;

/** How results and errors are written: for people, or for programs. */
enum OutputFormat {
    TEXT,
    JSON,
    JUNIT,
    SARIF,
    MARKDOWN;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the arguments ask for, read before they are parsed: a usage error has to be written in some format too. */
    static OutputFormat wanted(String... arguments) {
        String line = " " + String.join(" ", Arrays.asList(arguments)).toLowerCase(Locale.ROOT) + " ";
        return line.contains(" --output json ") || line.contains(" --output=json ") ? JSON : TEXT;
    }
}
