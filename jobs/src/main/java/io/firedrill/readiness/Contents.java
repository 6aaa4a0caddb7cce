package io.firedrill.readiness;

import io.firedrill.storage.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a file, a page or a program holds or says. Its digest is recorded, never a word of it. */
final class Contents {
    /** More is read of nothing. */
    static final int BYTES_MAX = 4 << 20;

    private final byte[] bytes;

    /** Of bytes that nobody changes any more. */
    Contents(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean isTooLarge() {
        return bytes.length > BYTES_MAX;
    }

    String sha256() {
        return HexFormat.of().formatHex(Sha256.begin().digest(bytes));
    }

    /** Why it is not what was asked for; empty if it is. */
    Optional<String> lacks(Selector.Demand demand) {
        if (!text().contains(demand.contains())) {
            return Optional.of("does not contain what is asked for");
        }
        try {
            boolean found = Pattern.compile(demand.matches())
                    .matcher(new BoundedText(text()))
                    .find();
            return found ? Optional.empty() : Optional.of("holds nothing that the expression matches");
        } catch (BoundedText.Exhausted | StackOverflowError _) {
            return Optional.of("cannot be searched by this expression, which does not come to an end");
        }
    }

    /** The date that the expression finds. */
    Optional<LocalDate> dated(String expression) {
        try {
            Matcher found = Pattern.compile(expression).matcher(new BoundedText(text()));
            return found.find() ? Optional.of(LocalDate.parse(found.group(1))) : Optional.empty();
        } catch (BoundedText.Exhausted | StackOverflowError | DateTimeException _) {
            return Optional.empty();
        }
    }

    private String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
