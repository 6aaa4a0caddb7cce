package io.firedrill.runner;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Which secrets there are, as {@code .env.sample} says: what for, where each lives, how often it changes, who may read it. */
record SecretContract(List<Entry> entries) {
    private static final String MARK = "#:";
    private static final String NAME = "name";
    private static final String NOTHING = "nothing";

    /** How a secret is given. */
    enum Kind {
        /** A variable holds it, or another one names a file that does. */
        TEXT,
        /** A variable names the files that hold it. */
        FILE,
        /** The AWS SDK reads it. */
        AWS
    }

    /**
     * One secret.
     *
     * @param rotation how often it is to be exchanged; empty where it cannot be
     * @param required what cannot run without it
     * @param lost what to do where it is lost or stolen
     */
    record Entry(
            String name,
            Kind kind,
            String purpose,
            String kubernetes,
            String vault,
            Optional<Duration> rotation,
            List<String> readers,
            List<String> required,
            String lost) {
        private static Entry of(Map<String, String> fields) {
            String rotation = field(fields, "rotation");
            return new Entry(
                    field(fields, NAME),
                    Kind.valueOf(field(fields, "kind").toUpperCase(Locale.ROOT)),
                    field(fields, "purpose"),
                    field(fields, "kubernetes"),
                    field(fields, "vault"),
                    rotation.equals("never")
                            ? Optional.empty()
                            : Optional.of(Durations.parse(rotation).orElseThrow()),
                    words(field(fields, "readers")),
                    words(field(fields, "required")),
                    field(fields, "lost"));
        }

        private static String field(Map<String, String> fields, String name) {
            return Objects.requireNonNull(fields.get(name), () -> "no '%s' in %s".formatted(name, fields));
        }

        private static List<String> words(String text) {
            return text.equals(NOTHING) ? List.of() : List.of(text.split(" +", -1));
        }
    }

    /** The one that this version came with. */
    static SecretContract shipped() {
        try (InputStream in = Objects.requireNonNull(SecretContract.class.getResourceAsStream(".env.sample"))) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    static SecretContract parse(String text) {
        List<Map<String, String>> all = new ArrayList<>();
        for (String line : text.lines().filter(each -> each.startsWith(MARK)).toList()) {
            String[] field = line.substring(MARK.length()).strip().split(" +", 2);
            if (field[0].equals(NAME)) {
                all.add(new HashMap<>());
            }
            all.getLast().put(field[0], field[1]);
        }
        return new SecretContract(all.stream().map(Entry::of).toList());
    }

    /** The names, for a message. */
    List<String> names() {
        return entries.stream().map(Entry::name).toList();
    }
}
