package io.firedrill.mongo;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in what a driver says of servers that it did not reach why TLS did not come about: it stands deep in it, and last. */
public final class TlsCause {
    /** Java's own words, about certificates and names; nothing of documents is in them. */
    private static final Pattern CAUSE = Pattern.compile("javax\\.net\\.ssl\\.SSL\\w*Exception: [^{}]+");

    private TlsCause() {}

    /** The first, with the name of its exception. */
    public static Optional<String> in(String words) {
        Matcher found = CAUSE.matcher(words);
        return found.find() ? Optional.of(found.group()) : Optional.empty();
    }
}
