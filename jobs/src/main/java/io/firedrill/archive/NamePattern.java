package io.firedrill.archive;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A name in which each {@code *} stands for any characters, or for none. */
record NamePattern(String text, Pattern regex) {
    static final String STAR = "*";

    static NamePattern of(String text) {
        // Names may hold line breaks and whatever means something to a regular expression.
        String regex = Arrays.stream(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining("(.*)"));
        return new NamePattern(text, Pattern.compile(regex, Pattern.DOTALL));
    }

    int stars() {
        return (int) text.chars().filter(c -> c == '*').count();
    }

    boolean matches(String name) {
        return regex.matcher(name).matches();
    }

    /** What a template says when its {@code *} is what ours stands for in a name; empty if we do not match it. */
    Optional<String> rewrite(String name, String template) {
        Matcher matcher = regex.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(matcher.groupCount() == 0 ? template : template.replace(STAR, matcher.group(1)));
    }
}
