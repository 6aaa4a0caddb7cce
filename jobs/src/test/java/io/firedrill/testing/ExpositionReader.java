package io.firedrill.testing;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the text format of Prometheus as its description says, and nothing more: an oracle that shares no code with what writes
 * it. Whatever is not of the format is an {@link IllegalArgumentException}.
 */
public final class ExpositionReader {
    private final String text;
    private int at;
    private final Map<String, Double> samples = new LinkedHashMap<>();
    private final Map<String, String> types = new TreeMap<>();
    private final Map<String, String> helps = new TreeMap<>();
    private final Set<String> finished = new HashSet<>();

    private ExpositionReader(String text) {
        this.text = text;
    }

    /**
     * What a text says.
     *
     * @param samples by name and labels, the labels in the order of their names: {@code up{a="1",b="2"}}, unescaped
     */
    public record Read(Map<String, Double> samples, Map<String, String> types, Map<String, String> helps) {}

    public static Read read(String text) {
        var reader = new ExpositionReader(text);
        String family = "";
        while (reader.at < text.length()) {
            String name = reader.line();
            if (!name.equals(family) && !reader.finished.add(name)) {
                throw reader.wrong("the lines of " + name + " do not stand together");
            }
            family = name;
        }
        return new Read(reader.samples, reader.types, reader.helps);
    }

    private String line() {
        if (take("# HELP ")) {
            String name = name();
            expect(' ');
            helps.put(name, upTo('\n'));
            return name;
        }
        if (take("# TYPE ")) {
            String name = name();
            expect(' ');
            if (types.put(name, upTo('\n')) != null) {
                throw wrong("a second TYPE of " + name);
            }
            return name;
        }
        return sample();
    }

    private String sample() {
        String name = name();
        var labels = new TreeMap<String, String>();
        if (take("{")) {
            while (!take("}")) {
                String label = name();
                expect('=');
                expect('"');
                if (labels.put(label, value()) != null) {
                    throw wrong("a second label " + label);
                }
                var _ = take(",");
            }
        }
        expect(' ');
        double value = Double.parseDouble(upTo('\n'));
        String key = name + labels;
        if (samples.put(key, value) != null) {
            throw wrong("a second sample " + key);
        }
        return name;
    }

    private String name() {
        int from = at;
        while (at < text.length()
                && Character.toString(text.charAt(at)).matches(at == from ? "[A-Za-z_]" : "[A-Za-z_0-9]")) {
            at++;
        }
        if (at == from) {
            throw wrong("no name");
        }
        return text.substring(from, at);
    }

    private String value() {
        var value = new StringBuilder();
        while (text.charAt(at) != '"') {
            char next = text.charAt(at++);
            if (next == '\n') {
                throw wrong("a line ends in a label");
            }
            if (next == '\\') {
                next = switch (text.charAt(at++)) {
                    case 'n' -> '\n';
                    case '\\' -> '\\';
                    case '"' -> '"';
                    default -> throw wrong("no escape");
                };
            }
            value.append(next);
        }
        at++;
        return value.toString();
    }

    private String upTo(char end) {
        int to = text.indexOf(end, at);
        if (to < 0) {
            throw wrong("the last line has no end");
        }
        String part = text.substring(at, to);
        at = to + 1;
        return part;
    }

    private boolean take(String wanted) {
        boolean there = text.startsWith(wanted, at);
        at += there ? wanted.length() : 0;
        return there;
    }

    private void expect(char wanted) {
        if (!take(String.valueOf(wanted))) {
            throw wrong("no '" + wanted + "'");
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("%s at %d of:%n%s".formatted(what, at, text));
    }
}
