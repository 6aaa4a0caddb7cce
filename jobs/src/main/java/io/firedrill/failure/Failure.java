package io.firedrill.failure;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A run could not keep its promise.
 *
 * <p>The message is lower-case, without a full stop, and holds the values; the hint is a full sentence that tells the
 * operator what to do next. Neither ever holds a secret: no connection string, no key, no document.
 */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;
    private final String hint;

    public Failure(FailureKind kind, String message, String hint) {
        this(kind, message, hint, null);
    }

    public Failure(FailureKind kind, String message, String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.hint = hint;
    }

    public FailureKind kind() {
        return kind;
    }

    public String hint() {
        return hint;
    }

    /** The message, which is never null here, unlike {@link #getMessage()}'s type says. */
    public String text() {
        return String.valueOf(getMessage());
    }

    /** The first failure among a throwable and its causes, to be thrown; else what is said of one that has none. */
    public static RuntimeException orElse(Throwable thrown, Supplier<RuntimeException> unknown) {
        return in(thrown).<RuntimeException>map(failure -> failure).orElseGet(unknown);
    }

    /** The first failure among a throwable and its causes: frameworks wrap what we throw. */
    public static Optional<Failure> in(@Nullable Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .filter(Failure.class::isInstance)
                .map(Failure.class::cast)
                .findFirst();
    }
}
