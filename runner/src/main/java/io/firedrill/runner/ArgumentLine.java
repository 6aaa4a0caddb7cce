package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.ArrayList;
import java.util.List;

/** A command in one text, taken apart as a shell would: at spaces, with quotes and backslashes, and nothing else. */
final class ArgumentLine {
    private final List<String> arguments = new ArrayList<>();
    private final StringBuilder argument = new StringBuilder();
    private boolean begun;
    private char quote;

    private ArgumentLine() {}

    static List<String> split(String line, String option) {
        var parts = new ArgumentLine();
        for (int i = 0; i < line.length(); i++) {
            char here = line.charAt(i);
            boolean escapes = here == '\\' && parts.quote != '\'' && i + 1 < line.length();
            parts.take(escapes ? line.charAt(++i) : here, escapes);
        }
        if (parts.quote != 0) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s has a quote %s that is not closed".formatted(option, parts.quote),
                    "Close it, or write a backslash before it.");
        }
        parts.end();
        if (parts.arguments.isEmpty()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s is empty".formatted(option),
                    "Give a program and its arguments, such as 'npm run migrate -- --list'.");
        }
        return parts.arguments;
    }

    private void take(char here, boolean escaped) {
        if (!escaped && quote == 0 && Character.isWhitespace(here)) {
            end();
        } else if (!escaped && quote == 0 && (here == '"' || here == '\'')) {
            quote = here;
            begun = true;
        } else if (!escaped && here == quote) {
            quote = 0;
        } else {
            argument.append(here);
            begun = true;
        }
    }

    private void end() {
        if (begun) {
            arguments.add(argument.toString());
            argument.setLength(0);
            begun = false;
        }
    }
}
