package io.firedrill.readiness;

/** A text that an expression may look at only so often: one that backtracks for ever comes to an end. */
final class BoundedText implements CharSequence {
    private static final long LOOKS_MAX = 50_000_000;

    private final String text;
    private final long[] looks;

    BoundedText(String text) {
        this(text, new long[1]);
    }

    private BoundedText(String text, long[] looks) {
        this.text = text;
        this.looks = looks;
    }

    /** The expression has looked too often. */
    static final class Exhausted extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public char charAt(int index) {
        if (looks[0]++ > LOOKS_MAX) {
            throw new Exhausted();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new BoundedText(text.substring(start, end), looks);
    }

    @Override
    public String toString() {
        return text;
    }
}
