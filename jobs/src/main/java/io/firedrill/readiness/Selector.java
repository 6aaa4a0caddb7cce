package io.firedrill.readiness;

import io.firedrill.evidence.Redaction;
import io.firedrill.evidence.RunKind;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a task is proven by. The grammar is closed: nothing else is evidence. */
public sealed interface Selector {
    /** The selector on one line, as it is shown and signed, with secrets taken out. */
    String words();

    /** A run that passed, and is young enough: of the whole, unless a part is enough. */
    record Run(RunKind kind, Duration within, boolean rtoMet, boolean rpoMet, boolean partAllowed) implements Selector {
        @Override
        public String words() {
            return joined(
                    "run: " + kind.word(),
                    young(within),
                    rtoMet ? "rto: met" : "",
                    rpoMet ? "rpo: met" : "",
                    part(partAllowed));
        }
    }

    /** A sealed backup that still lies in the store, and whose moment is young enough. */
    record Backup(Duration within) implements Selector {
        @Override
        public String words() {
            return joined("backup: sealed", young(within));
        }
    }

    /** A full rehearsal of migrations that passed: of any database if none is named. */
    record MigrationReceipt(Duration within, String database) implements Selector {
        @Override
        public String words() {
            return joined("receipt: passed", young(within), named("database", database));
        }
    }

    /** A run that somebody else approved, in this role if one is named, and nobody rejected: of the whole, unless a part is enough. */
    record Approved(RunKind kind, Optional<Duration> within, String role, boolean partAllowed) implements Selector {
        @Override
        public String words() {
            return joined(
                    "approved: " + kind.word(),
                    within.map(Selector::young).orElse(""),
                    named("role", role),
                    part(partAllowed));
        }
    }

    /** A gate of a build whose newest result is that it passed, by reports that are young enough and that enough was demanded of. */
    record Gate(String name, Duration within, GateAsked asked) implements Selector {
        @Override
        public String words() {
            return joined("gate: " + name, young(within), String.join(", ", asked.words()));
        }
    }

    /**
     * A file beside the readiness file.
     *
     * @param dated an expression whose first group finds a date in the text, as 2026-11-28; it must not be older than within
     */
    record File(String path, Demand demand, Optional<Dated> dated) implements Selector {
        @Override
        public String words() {
            return joined(
                    "file: " + path, demand.words(), dated.map(Dated::words).orElse(""));
        }
    }

    /** A page that answers a GET with 2xx: over HTTPS, or over HTTP from this very machine. */
    record Url(URI uri, Duration timeLimit, Demand demand) implements Selector {
        @Override
        public String words() {
            return joined("url: " + Redaction.of(uri.toString()), demand.words());
        }
    }

    /** A program that ends with 0; its arguments are handed over as they are, and no shell sees them. */
    record Command(List<String> argv, Duration timeLimit, Demand demand) implements Selector {
        public Command {
            argv = List.copyOf(argv);
        }

        @Override
        public String words() {
            return joined("command: " + Redaction.of(String.join(" ", argv)), demand.words());
        }
    }

    /** What a text has to hold: a text, and what an expression finds; each may be empty. */
    record Demand(String contains, String matches) {
        public static final Demand NOTHING = new Demand("", "");

        String words() {
            return joined(named("contains", Redaction.of(contains)), named("matches", Redaction.of(matches)));
        }
    }

    /** How to find a date in a text, and how old it may be. */
    record Dated(String expression, Duration within) {
        String words() {
            return joined(named("dated", expression), young(within));
        }
    }

    private static String part(boolean allowed) {
        return allowed ? "partial: allowed" : "";
    }

    private static String young(Duration within) {
        return "within: " + age(within);
    }

    private static String named(String name, String value) {
        return value.isEmpty() ? "" : name + ": " + value;
    }

    private static String joined(String... parts) {
        return Stream.of(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
    }

    /** In the largest unit that leaves nothing over: 30d, 36h, 90s. */
    static String age(Duration age) {
        long seconds = age.toSeconds();
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
