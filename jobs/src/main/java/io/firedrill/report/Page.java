package io.firedrill.report;

import java.util.List;

/**
 * A page before anybody has said on what it is shown: HTML and PDF are made of the same one, so they say the same.
 *
 * @param kind of the report, and {@code when} the time that it is of
 * @param tone of the verdict
 * @param lead what the verdict means, in a sentence
 * @param why what else has to be known at once; may be empty
 * @param foot in the smallest letters, on every sheet of paper
 */
record Page(
        String kind, String when, Sign tone, String verdict, String lead, String why, List<Block> blocks, String foot) {
    Page {
        blocks = List.copyOf(blocks);
    }

    String title() {
        return "%s \u2013 %s, %s".formatted(verdict, kind, when);
    }
}
