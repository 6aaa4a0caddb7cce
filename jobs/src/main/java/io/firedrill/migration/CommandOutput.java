package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Understands what a command lists: JSON, an array of objects or an object whose field {@code migrations} is one; or lines,
 * by a regular expression with named groups. The names are the same for both; docs/MIGRATIONS.md lists them.
 */
final class CommandOutput {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int LINE_CHARS_MAX = 10_000;

    /** The first is ours, the others are those of tools. */
    private static final List<String> ID = List.of("id", "fileName", "name", "file", "version");

    private static final List<String> STATE = List.of("state", "status");
    private static final Map<String, ChangeState> WORDS = Map.ofEntries(
            Map.entry("applied", ChangeState.APPLIED),
            Map.entry("executed", ChangeState.APPLIED),
            Map.entry("success", ChangeState.APPLIED),
            Map.entry("done", ChangeState.APPLIED),
            Map.entry("up", ChangeState.APPLIED),
            Map.entry("yes", ChangeState.APPLIED),
            Map.entry("pending", ChangeState.PENDING),
            Map.entry("down", ChangeState.PENDING),
            Map.entry("no", ChangeState.PENDING),
            Map.entry("failed", ChangeState.FAILED),
            Map.entry("error", ChangeState.FAILED),
            Map.entry("dirty", ChangeState.FAILED),
            Map.entry("changed", ChangeState.CHANGED),
            Map.entry("orphan", ChangeState.ORPHAN),
            Map.entry("run_always", ChangeState.RUN_ALWAYS),
            Map.entry("out_of_order", ChangeState.OUT_OF_ORDER));

    private final CommandOptions options;

    CommandOutput(CommandOptions options) {
        this.options = options;
    }

    List<ListedLine> parse(String output) {
        if (output.isBlank()) {
            throw unreadable("printed nothing");
        }
        return options.pattern().isPresent()
                ? lines(output, pattern(options.pattern().get()))
                : documents(output);
    }

    private static Pattern pattern(String regex) {
        try {
            Pattern pattern = Pattern.compile(regex);
            if (!pattern.namedGroups().containsKey("id")
                    || (!pattern.namedGroups().containsKey("state")
                            && !pattern.namedGroups().containsKey("appliedAt"))) {
                throw badPattern("it has no named groups 'id' and 'state' or 'appliedAt'");
            }
            return pattern;
        } catch (PatternSyntaxException thrown) {
            throw badPattern(thrown.getDescription());
        }
    }

    private static Failure badPattern(String why) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "--command-pattern cannot be used: %s".formatted(why),
                "Write, for example, --command-pattern '(?<state>UP|DOWN) +(?<id>\\S+)'.");
    }

    private List<ListedLine> lines(String output, Pattern pattern) {
        var found = new ArrayList<ListedLine>();
        for (String line : output.lines().toList()) {
            // A pattern that tries many ways takes for ever on a line without end.
            Matcher matcher = pattern.matcher(line.substring(0, Math.min(line.length(), LINE_CHARS_MAX)));
            if (matcher.find()) {
                found.add(line(name -> group(matcher, name)));
            }
        }
        if (found.isEmpty()) {
            throw unreadable("printed no line that --command-pattern finds something in");
        }
        return found;
    }

    private static Optional<String> group(Matcher matcher, String name) {
        return matcher.namedGroups().containsKey(name) ? Optional.ofNullable(matcher.group(name)) : Optional.empty();
    }

    private List<ListedLine> documents(String output) {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(output);
        } catch (JacksonException _) {
            throw unreadable("printed something else than JSON");
        }
        JsonNode list = tree.isArray() ? tree : tree.path("migrations");
        if (!list.isArray()) {
            throw unreadable("printed JSON that is no array and has no array 'migrations'");
        }
        var found = new ArrayList<ListedLine>();
        list.forEach(each -> found.add(line(name -> field(each, name))));
        return found;
    }

    private static Optional<String> field(JsonNode document, String name) {
        JsonNode value = document.path(name);
        return value.isValueNode() && !value.isNull() ? Optional.of(value.asString("")) : Optional.empty();
    }

    private ListedLine line(Function<String, Optional<String>> value) {
        String id = first(ID, value)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> unreadable("lists a migration without an id"));
        String word = first(STATE, value).orElse("").strip();
        String time = value.apply("appliedAt").orElse("").strip();
        String author = value.apply("author").orElse("");
        String order = value.apply("order").orElse("");
        return new ListedLine(
                Change.named(id, author, order, value.apply("where").orElse("")),
                state(id, word, time),
                word,
                time(time),
                value.apply("by").orElse(""));
    }

    private static Optional<String> first(List<String> names, Function<String, Optional<String>> value) {
        return names.stream().flatMap(name -> value.apply(name).stream()).findFirst();
    }

    /** Where a tool knows no states, a time says that it has been applied. */
    private ChangeState state(String id, String word, String time) {
        if (word.isEmpty()) {
            boolean pending = time.isEmpty() || time.equalsIgnoreCase("pending");
            return pending ? ChangeState.PENDING : ChangeState.APPLIED;
        }
        ChangeState state = WORDS.get(word.toLowerCase(Locale.ROOT).replace('-', '_'));
        if (state == null) {
            throw unreadable(
                    "says of '%s' that it is '%s', which is no state that Firedrill knows".formatted(id, word));
        }
        return state;
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text.replace(' ', 'T')).toInstant());
        } catch (DateTimeParseException _) {
            // Without a zone or in words it is no moment; the state stands all the same.
            return Optional.empty();
        }
    }

    private Failure unreadable(String why) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "the command '%s' %s".formatted(options.command(), why),
                "Make it print JSON such as [{\"id\":\"001\",\"state\":\"pending\"}], or give --command-pattern; docs/MIGRATIONS.md describes both.");
    }
}
