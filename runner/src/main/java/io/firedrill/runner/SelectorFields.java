package io.firedrill.runner;

import io.firedrill.evidence.RunKind;
import io.firedrill.failure.Failure;
import io.firedrill.gate.GateFormat;
import io.firedrill.readiness.GateAsked;
import io.firedrill.readiness.Selector;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** Reads evidence selectors: the first field says what kind it is, and with it which other fields there may be. */
final class SelectorFields {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(30);
    private static final Duration TIME_LIMIT_MAX = Duration.ofMinutes(10);
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final List<String> FORMATS =
            Arrays.stream(GateFormat.values()).map(GateFormat::word).toList();
    /** Above 0, and 100 at most: nothing asked for is a demand that nothing can fail. */
    private static final Pattern PERCENT = Pattern.compile("(?!0+(\\.0*)?$)(\\d{1,2}(\\.\\d{1,6})?|100(\\.0{1,6})?)");

    private static final Pattern COUNT = Pattern.compile("\\d{1,9}");

    /** The kinds of selectors, and the other fields of each. */
    private static final Map<String, List<String>> KINDS = kinds();

    private final YamlFields fields;

    private SelectorFields(YamlFields fields) {
        this.fields = fields;
    }

    private static Map<String, List<String>> kinds() {
        var kinds = new LinkedHashMap<String, List<String>>();
        kinds.put("run", List.of("within", "rto", "rpo", "partial"));
        kinds.put("backup", List.of("within"));
        kinds.put("receipt", List.of("within", "database"));
        kinds.put("approved", List.of("within", "role", "partial"));
        kinds.put("gate", List.of("within", "min-lines", "min-branches", "max-skipped", "allow", "format"));
        kinds.put("file", List.of("contains", "matches", "dated", "within"));
        kinds.put("url", List.of("contains", "matches", "time-limit"));
        kinds.put("command", List.of("contains", "matches", "time-limit"));
        return kinds;
    }

    static Selector read(YamlFields fields) {
        List<String> names = List.copyOf(KINDS.keySet());
        String kind = fields.oneOf(names).orElseThrow(() -> unknown(fields, names));
        fields.only(
                "does not go with " + kind,
                Stream.concat(Stream.of(kind), KINDS.getOrDefault(kind, List.of()).stream())
                        .toList());
        var reading = new SelectorFields(fields);
        return switch (kind) {
            case "run" -> reading.run();
            case "backup" -> reading.backup();
            case "receipt" -> reading.receipt();
            case "approved" -> reading.approved();
            case "gate" -> reading.gate();
            case "file" -> reading.file();
            case "url" -> reading.url();
            case "command" -> reading.command();
            default -> throw new IllegalStateException("a kind without a reader: " + kind);
        };
    }

    private static Failure unknown(YamlFields fields, List<String> names) {
        fields.only("is no evidence selector", names);
        return fields.here().wrong("says nothing", "It is one of: %s.".formatted(String.join(", ", names)));
    }

    private Selector run() {
        return new Selector.Run(kind("run"), duration("within"), met("rto"), met("rpo"), is("partial", "allowed"));
    }

    private Selector backup() {
        word("backup", "sealed");
        return new Selector.Backup(duration("within"));
    }

    private Selector receipt() {
        word("receipt", "passed");
        return new Selector.MigrationReceipt(duration("within"), optional("database"));
    }

    private Selector approved() {
        Optional<Duration> within = fields.has("within") ? Optional.of(duration("within")) : Optional.empty();
        return new Selector.Approved(kind("approved"), within, optional("role"), is("partial", "allowed"));
    }

    private Selector gate() {
        YamlFields.Place place = fields.text("gate");
        if (!GateName.isOne(place.text())) {
            throw place.wrong("is no name of a gate", GateName.HINT);
        }
        return new Selector.Gate(place.text(), duration("within"), asked());
    }

    private GateAsked asked() {
        return new GateAsked(
                percent("min-lines"),
                percent("min-branches"),
                skipped(),
                fields.optional("allow").map(level -> oneOf(level, "is no level of findings", GateAsked.LEVELS)),
                fields.optional("format").map(format -> oneOf(format, "is no format of reports", FORMATS)));
    }

    private static String oneOf(YamlFields.Place place, String wrong, List<String> known) {
        if (!known.contains(place.text())) {
            throw place.wrong(wrong, YamlFields.meant(place.text(), known));
        }
        return place.text();
    }

    private OptionalDouble percent(String name) {
        Optional<YamlFields.Place> place = fields.optional(name);
        if (place.isEmpty()) {
            return OptionalDouble.empty();
        }
        if (!PERCENT.matcher(place.get().text()).matches()) {
            throw place.get().wrong("is no share", "It is in percent: above 0, and 100 at most.");
        }
        return OptionalDouble.of(Double.parseDouble(place.get().text()));
    }

    private OptionalLong skipped() {
        Optional<YamlFields.Place> place = fields.optional("max-skipped");
        if (place.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!COUNT.matcher(place.get().text()).matches()) {
            throw place.get().wrong("is no number of tests", "It is a number from 0.");
        }
        return OptionalLong.of(Long.parseLong(place.get().text()));
    }

    private Selector file() {
        YamlFields.Place place = fields.text("file");
        if (!isBeside(place.text())) {
            throw place.wrong(
                    "leads out of the directory of the readiness file",
                    "Name a file beside it: no '..' and no '/' first.");
        }
        if (fields.has("dated") != fields.has("within")) {
            throw place.wrong(
                    "has one of dated and within",
                    "Say with dated where the date stands in the file, and with within how old it may be: both or none.");
        }
        Optional<Selector.Dated> dated =
                fields.optional("dated").map(at -> new Selector.Dated(groupOf(at), duration("within")));
        return new Selector.File(place.text(), demand(), dated);
    }

    private static boolean isBeside(String text) {
        try {
            Path path = Path.of(text);
            return !path.isAbsolute() && !path.normalize().startsWith("..");
        } catch (InvalidPathException _) {
            return false;
        }
    }

    private static String groupOf(YamlFields.Place place) {
        if (expression(place).matcher("").groupCount() < 1) {
            throw place.wrong("has no group", "Put the date in brackets: 'Reviewed: (\\d{4}-\\d{2}-\\d{2})'.");
        }
        return place.text();
    }

    private Selector url() {
        YamlFields.Place place = fields.text("url");
        URI uri;
        try {
            uri = URI.create(place.text());
        } catch (IllegalArgumentException _) {
            throw place.wrong("is no URL", "Write it as https://host/path.");
        }
        String host = String.valueOf(uri.getHost());
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        boolean loopback = "http".equalsIgnoreCase(uri.getScheme()) && LOOPBACK.contains(host);
        if (uri.getHost() == null || uri.getUserInfo() != null || !(secure || loopback)) {
            throw place.wrong(
                    "is no URL that is asked",
                    "It is https, or http to this very machine, and has no user in it; a secret does not belong into this file.");
        }
        return new Selector.Url(uri, timeLimit(), demand());
    }

    private Selector command() {
        List<String> argv =
                fields.texts("command").stream().map(YamlFields.Place::text).toList();
        if (argv.isEmpty()) {
            throw fields.here().wrong("has a command without words", "List the program and its arguments.");
        }
        return new Selector.Command(argv, timeLimit(), demand());
    }

    private Selector.Demand demand() {
        fields.optional("matches").ifPresent(SelectorFields::expression);
        return new Selector.Demand(optional("contains"), optional("matches"));
    }

    private static Pattern expression(YamlFields.Place place) {
        try {
            return Pattern.compile(place.text());
        } catch (PatternSyntaxException _) {
            throw place.wrong("is no regular expression", "It is one of Java's; quote it with ' in YAML.");
        }
    }

    private RunKind kind(String name) {
        YamlFields.Place place = fields.text(name);
        return Arrays.stream(RunKind.values())
                .filter(kind -> kind.word().equals(place.text()))
                .findFirst()
                .orElseThrow(() -> place.wrong(
                        "is no kind of run",
                        YamlFields.meant(
                                place.text(),
                                Arrays.stream(RunKind.values())
                                        .map(RunKind::word)
                                        .toList())));
    }

    private Duration duration(String name) {
        YamlFields.Place place = fields.text(name);
        return Durations.parse(place.text())
                .orElseThrow(() -> place.wrong("is no duration", "Write it as 30d, 24h or 15m."));
    }

    private Duration timeLimit() {
        Duration limit = fields.has("time-limit") ? duration("time-limit") : TIME_LIMIT;
        if (limit.compareTo(TIME_LIMIT_MAX) > 0) {
            throw fields.text("time-limit").wrong("is too long", "Ten minutes is the most: 10m.");
        }
        return limit;
    }

    private boolean met(String name) {
        return is(name, "met");
    }

    /** Whether the field is there; if it is, it has this one value. */
    private boolean is(String name, String only) {
        if (fields.has(name)) {
            word(name, only);
        }
        return fields.has(name);
    }

    private void word(String name, String only) {
        YamlFields.Place place = fields.text(name);
        if (!place.text().equals(only)) {
            throw place.wrong("is not known here", "Write %s: %s.".formatted(name, only));
        }
    }

    private String optional(String name) {
        return fields.optional(name).map(YamlFields.Place::text).orElse("");
    }
}
