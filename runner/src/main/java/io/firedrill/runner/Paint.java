package io.firedrill.runner;

/** Colours words on a terminal and leaves them alone elsewhere; the word itself always says the same. */
enum Paint {
    COLOR,
    PLAIN;

    String good(String text) {
        return wrap("1;32", text);
    }

    String bad(String text) {
        return wrap("1;31", text);
    }

    String doubtful(String text) {
        return wrap("1;33", text);
    }

    String faint(String text) {
        return wrap("2", text);
    }

    private String wrap(String code, String text) {
        return this == COLOR ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
