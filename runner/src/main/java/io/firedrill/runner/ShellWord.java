package io.firedrill.runner;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Arguments as a POSIX shell takes them: quoted where they would mean something to it. */
final class ShellWord {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,+-]+");

    private ShellWord() {}

    /** What would steer a terminal is shown as its number, so such a word is to be read and not to be run. */
    static String of(String argument) {
        return PLAIN.matcher(argument).matches()
                ? argument
                : "'" + Visible.of(argument).replace("'", "'\\''") + "'";
    }

    static String line(List<String> arguments) {
        return arguments.stream().map(ShellWord::of).collect(Collectors.joining(" "));
    }
}
