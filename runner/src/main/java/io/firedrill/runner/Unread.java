package io.firedrill.runner;

import io.firedrill.evidence.RunRecord;
import tools.jackson.databind.JsonNode;

/**
 * What a backup did not read because nothing had changed it, or little; the names are those of the JSON output.
 *
 * @param bytesRead of raw documents, what was read for the proof too
 * @param segmentsUntouched that no oplog entry had touched
 * @param segmentsChanged of which only the documents were looked up that oplog entries had touched
 * @param documentsLookedUp in these, there or gone
 * @param segmentsReread of both, to prove it
 * @param segmentsEqual of those
 * @param how that was found out, or why everything was read
 */
record Unread(
        long bytesRead,
        long segmentsUntouched,
        long segmentsChanged,
        long documentsLookedUp,
        long segmentsReread,
        long segmentsEqual,
        String how) {
    /** Of a backup that is only planned. */
    static final Unread NOTHING = new Unread(0, 0, 0, 0, 0, 0, "");

    static Unread of(RunRecord record, long bytesRaw, JsonNode check) {
        JsonNode notes = record.json().path("notes");
        return new Unread(
                bytesRaw - number(notes, "bytes-spared") + number(notes, "bytes-reread"),
                number(notes, "segments-untouched"),
                number(notes, "segments-changed"),
                number(notes, "documents-looked-up"),
                check.path("population").asLong(0),
                check.path("matched").asLong(0),
                notes.path("untouched").asString(""));
    }

    /** Whether a segment that should have been what it was had changed. */
    boolean refuted() {
        return segmentsEqual < segmentsReread;
    }

    /** For a person: what was left unread and how that was proven; that everything was read needs a reason. */
    String text(long bytesRaw, long segments) {
        if (refuted()) {
            return "everything, and the next backups too until --skip-again: " + (segmentsReread - segmentsEqual)
                    + " of " + Figures.count(segmentsReread, "segment")
                    + " read again had changed without an oplog entry";
        }
        if (segmentsUntouched == 0 && segmentsChanged == 0) {
            return how;
        }
        return Figures.bytes(bytesRead) + " of " + Figures.bytes(bytesRaw) + "; " + Figures.count(segmentsUntouched)
                + " of " + Figures.count(segments, "segment") + " untouched, " + lookedUp()
                + Figures.count(segmentsReread) + " read anyway, all equal";
    }

    private String lookedUp() {
        return segmentsChanged == 0
                ? ""
                : Figures.count(documentsLookedUp, "document") + " looked up in " + Figures.count(segmentsChanged)
                        + " more, ";
    }

    private static long number(JsonNode notes, String name) {
        return Long.parseLong(notes.path(name).asString("0"));
    }
}
