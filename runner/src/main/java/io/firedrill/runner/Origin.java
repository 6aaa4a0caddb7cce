package io.firedrill.runner;

/** Where a setting's value came from, in words for messages and {@code config show --origin}. */
record Origin(String text) {
    static final Origin FALLBACK = new Origin("default");

    static Origin flag(String name) {
        return new Origin("flag " + name);
    }

    static Origin environment(String name) {
        return new Origin("environment variable " + name);
    }

    static Origin file(String file, int line) {
        return new Origin(file + " line " + line);
    }

    @Override
    public String toString() {
        return text;
    }
}
