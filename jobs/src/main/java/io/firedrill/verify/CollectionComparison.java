package io.firedrill.verify;

import io.firedrill.mongo.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A collection or view before and after.
 *
 * @param before empty where it came
 * @param after empty where it is gone
 * @param definition how what it is differs, in words; empty where it does not
 */
public record CollectionComparison(
        Namespace namespace, Optional<CollectionState> before, Optional<CollectionState> after, String definition) {

    /** Whether there was none before. */
    public boolean hasCome() {
        return before.isEmpty();
    }

    /** Whether there is none any more. */
    public boolean isGone() {
        return after.isEmpty();
    }

    /** How far the documents are the same. */
    public Level documents() {
        return before.isPresent() && after.isPresent() ? before.get().compare(after.get()) : Level.DIFFERENT;
    }

    /** How far it is the same, its definition included. */
    public Level level() {
        return definition.isEmpty() ? documents() : Level.DIFFERENT;
    }

    /**
     * Whether it is another collection of the same name, dropped and made anew or renamed: its documents may be the same, but
     * change streams on it have ended. No difference by itself.
     */
    public boolean isRecreated() {
        return before.isPresent()
                && after.isPresent()
                && !before.get().shape().uuid().equals(after.get().shape().uuid());
    }

    /** One line, without any value of a document. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (hasCome()) {
            parts.add("was not there before");
        } else if (isGone()) {
            parts.add("is gone");
        } else {
            parts.addAll(differences(before.get(), after.get()));
        }
        return "%s %s".formatted(namespace, String.join(", ", parts));
    }

    private List<String> differences(CollectionState one, CollectionState other) {
        List<String> parts = new ArrayList<>();
        if (one.isReordered(other)) {
            parts.add("has its documents in another order");
        } else {
            parts.add(
                    switch (documents()) {
                        case EXACT -> "has the same documents";
                        case CANONICAL -> "has the same documents but for the order of fields";
                        case DIFFERENT -> others(one.documents(), other.documents());
                    });
        }
        if (!definition.isEmpty()) {
            parts.add(definition);
        }
        if (isRecreated()) {
            parts.add("is another collection of the same name");
        }
        return parts;
    }

    private static String others(long before, long after) {
        return before == after
                ? "has other values in its documents"
                : "has other documents, %d instead of %d".formatted(after, before);
    }
}
