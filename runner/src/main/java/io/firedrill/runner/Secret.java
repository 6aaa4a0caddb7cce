package io.firedrill.runner;

/** A text that must not be seen: it prints as three stars and has to be asked for its value by name. */
final class Secret {
    private final String value;

    Secret(String value) {
        this.value = value;
    }

    /** The secret itself, for the one call that needs it; never for a message. */
    String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
