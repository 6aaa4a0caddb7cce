package io.firedrill.report;

import java.util.Locale;

/** The colours of a page, by what they say; on screen a style sheet turns them for the dark, on paper they are these. */
enum Ink {
    TEXT(0x15181d),
    SOFT(0x5a626e),
    LINE(0xdfe2e6),
    TRACK(0xe8eaed),
    PAPER(0xffffff),
    BAR(0x3d6fb4),
    GOOD(0x0b7a4b),
    WARN(0x985a00),
    BAD(0xb3261e),
    CALM(0x4a5361),
    // Parts of a stack, told apart by shade as well as by hue; the last is for what has no name of its own.
    P0(0x3d6fb4),
    P1(0xa3c1e6),
    P2(0x23796b),
    P3(0x9bd3c4),
    P4(0x75559e),
    P5(0xcbb5e3),
    P6(0x9c722a),
    P7(0xc3c9d1);

    private static final int PARTS = 7;

    private final int rgb;

    Ink(int rgb) {
        this.rgb = rgb;
    }

    int rgb() {
        return rgb;
    }

    /** The name in the style sheet. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** That of the part with this number, from 0; those beyond the seventh share one. */
    static Ink part(int number) {
        return valueOf("P" + Math.min(number, PARTS));
    }
}
