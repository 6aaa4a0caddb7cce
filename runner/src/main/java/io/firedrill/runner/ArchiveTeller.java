package io.firedrill.runner;

import io.firedrill.evidence.Progress;
import io.firedrill.failure.Failure;
import io.firedrill.oplog.ArchiveFigures;
import io.firedrill.oplog.OplogArchiver;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Says while an archiver works how far it is, and at once what somebody has to hear. */
final class ArchiveTeller implements Runnable {
    private final Supplier<OplogArchiver> archiver;
    private final Progress progress;
    private final Settings.Archive wanted;
    private long bytesTold;
    private int gapsTold;
    private boolean windowTold;

    ArchiveTeller(Supplier<OplogArchiver> archiver, Progress progress, Settings.Archive wanted) {
        this.archiver = archiver;
        this.progress = progress;
        this.wanted = wanted;
    }

    @Override
    public void run() {
        OplogArchiver now = archiver.get();
        long bytes = now.figures().bytesRaw();
        progress.advance(bytes - bytesTold);
        bytesTold = bytes;
        List<ArchiveResult.Gap> gaps =
                now.gaps().stream().map(ArchiveResult.Gap::of).toList();
        gaps.stream().skip(gapsTold).forEach(gap -> progress.say("GAP in the oplog archive, " + gap.words()));
        gapsTold = gaps.size();
        now.oplogWindow()
                .filter(window -> !windowTold && !wanted.isEnough(window))
                .ifPresent(this::warn);
    }

    private void warn(Duration window) {
        windowTold = true;
        progress.say("warning: " + tooShort(window.toSeconds(), wanted.outageBudget()));
    }

    static String tooShort(long windowSeconds, Duration budget) {
        return "the source's oplog reaches back %s, less than twice the outage budget of %s: make it larger (replSetResizeOplog)"
                .formatted(Figures.seconds((double) windowSeconds), Figures.seconds((double) budget.toSeconds()));
    }

    /** The rest of the line of progress. */
    static String words(OplogArchiver archiver) {
        ArchiveFigures figures = archiver.figures();
        return "  %s%s%s%s%s"
                .formatted(
                        Figures.count(figures.entries()) + " entries",
                        figures.lag().map(lag -> ", lag " + seconds(lag)).orElse(""),
                        figures.rpo().map(rpo -> ", RPO " + seconds(rpo)).orElse(""),
                        archiver.gaps().isEmpty()
                                ? ""
                                : ", " + Figures.count(archiver.gaps().size(), "gap"),
                        archiver.trouble()
                                .map(Failure::text)
                                .map(text -> "; waiting: " + text)
                                .orElse(""));
    }

    private static String seconds(Duration duration) {
        return Figures.seconds(RecordedRun.seconds(duration));
    }
}
