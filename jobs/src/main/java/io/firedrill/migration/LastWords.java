package io.firedrill.migration;

import io.firedrill.mongo.TlsCause;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a program said of its own end. */
final class LastWords {
    private static final int MAX = 300;
    /** With the values of whose document it is; which index it was, or that a validator refused it, stands before that. */
    private static final Pattern VALUES = Pattern.compile("(dup key: |\\bdetails=)\\{.*");
    /** A server that does not allow a command quotes it, with the documents that it would have written. */
    private static final Pattern COMMAND = Pattern.compile("(to execute command \\{ \\w+: (\"[^\"]*\"|[^,}]*)).*");

    /** A driver tells at length what it was waiting for. */
    private static final Pattern WAITED = Pattern.compile("Timed out (?:after|while) .*");

    private static final Predicate<String> ROOT_CAUSE =
            Pattern.compile("^Caused by: .*").asMatchPredicate();
    private static final Predicate<String> ERROR = Pattern.compile(
                    "^(ERROR\\b|Exception in thread |\\S*(Error|Exception)\\b).*")
            .asMatchPredicate();

    private LastWords() {}

    /**
     * Of a failure the line that names it, for the last one is often of a stack trace; else the last one.
     *
     * @param out without secrets, and so is err
     */
    static String of(int code, String out, String err) {
        List<String> lines = Stream.concat(out.lines(), err.lines())
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        Optional<String> named = code == 0
                ? Optional.empty()
                : last(lines, ROOT_CAUSE)
                        .or(() -> err.lines().filter(ERROR).findFirst())
                        .or(() -> out.lines().filter(ERROR).findFirst());
        String said = named.or(() -> last(lines, _ -> true)).orElse("it said nothing");
        String words = shown(said);
        return words.substring(0, Math.min(words.length(), MAX));
    }

    private static String shown(String said) {
        String told = TlsCause.in(said)
                .map(cause ->
                        WAITED.matcher(said).replaceAll(Matcher.quoteReplacement("no TLS with the server: " + cause)))
                .orElse(said);
        return COMMAND.matcher(VALUES.matcher(told).replaceAll("$1{…}")).replaceAll("$1, …}");
    }

    private static Optional<String> last(List<String> lines, Predicate<String> wanted) {
        return lines.stream().filter(wanted).reduce((_, last) -> last);
    }
}
