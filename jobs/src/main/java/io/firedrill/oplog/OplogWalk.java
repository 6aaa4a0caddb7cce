package io.firedrill.oplog;

import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogLink;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.DocumentConsumer;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.OplogScan;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks once over every oplog entry of a span: through the archive as far as it leads, and from there through the source's own
 * oplog, which must still hold the very entry at which the archive ends. Not safe for use by several threads.
 */
public final class OplogWalk {
    /** What ends the run, and not only the walk. */
    private static final Set<FailureKind> FINAL = Set.of(FailureKind.ABORTED, FailureKind.LOCK_LOST);

    private final OplogArchive archive;
    private final Deployment source;
    private final DeploymentIdentity identity;
    private final long bytesMax;
    private final Runnable checkpoint;
    private long entries;
    private long bytes;
    private String trouble = "";

    /**
     * @param source the member whose oplog is read
     * @param identity of the replica set; the archive of another one does not count
     * @param bytesMax of entries: from there on, reading the data costs less than reading what happened to it
     * @param checkpoint called often; throws when the run must not go on
     */
    public OplogWalk(
            OplogArchive archive, Deployment source, DeploymentIdentity identity, long bytesMax, Runnable checkpoint) {
        this.archive = archive;
        this.source = source;
        this.identity = identity;
        this.bytesMax = bytesMax;
        this.checkpoint = checkpoint;
    }

    /**
     * How a walk ended.
     *
     * @param whole whether every entry of the span was seen
     * @param story where they came from, or why not all were
     */
    public record Walked(boolean whole, String story, long entries, long bytes) {}

    /** An entry, and the term that it was written in. */
    private record Place(OpTime at, long term) {}

    /** The walk costs more than it can save. */
    private static final class TooFar extends RuntimeException {
        private static final long serialVersionUID = 1;

        private TooFar() {
            super(null, null, false, false);
        }
    }

    /** Hands on the entries after one moment, up to and including another; more than that may be handed on. */
    public Walked walk(OpTime from, OpTime to, TouchedRanges touched) {
        try {
            Optional<Place> archived = archived(from, to, touched);
            boolean done = archived.filter(end -> end.at().compareTo(to) >= 0).isPresent();
            if (done) {
                return walked(true, "the archive");
            }
            Optional<Place> begin = archived.or(() -> fromScratch(from, touched));
            if (begin.isPresent() && fromSource(begin.get(), to, touched)) {
                String before = archived.map(end -> "the archive up to %s, ".formatted(end.at()))
                        .orElse(trouble);
                return walked(true, before + "the source's oplog");
            }
            return walked(false, "neither the archive nor the source's oplog leads from %s to %s".formatted(from, to));
        } catch (TooFar tooFar) {
            return walked(false, "more than %d bytes of oplog were written since".formatted(bytesMax));
        } catch (Failure failure) {
            if (FINAL.contains(failure.kind())) {
                throw failure;
            }
            return walked(false, failure.text());
        }
    }

    /** What an archive with holes has told is told again: which write of a document was the first, nobody knows then. */
    private Optional<Place> fromScratch(OpTime from, TouchedRanges touched) {
        if (entries > 0) {
            touched.forgetIds();
        }
        return entryAt(from);
    }

    private Walked walked(boolean whole, String story) {
        return new Walked(whole, story, entries, bytes);
    }

    /** An archive that is damaged is for others to mend: here the source's oplog will do. */
    private Optional<Place> archived(OpTime from, OpTime to, TouchedRanges touched) {
        try {
            return ofTimeline(from, to, touched);
        } catch (Failure failure) {
            if (FINAL.contains(failure.kind())) {
                throw failure;
            }
            trouble = "not the archive (%s), ".formatted(failure.text());
            return Optional.empty();
        }
    }

    /** How far the archive leads without a gap from an entry that it holds; empty where it does not hold it. */
    private Optional<Place> ofTimeline(OpTime from, OpTime to, TouchedRanges touched) {
        for (OplogTimeline timeline : archive.timelines().reversed()) {
            boolean same = timeline.identity().replicaSetId().equals(identity.replicaSetId());
            if (same && timeline.begin().compareTo(from) <= 0) {
                return ofLinks(archive.links(timeline, from, to), from, to, touched);
            }
        }
        return Optional.empty();
    }

    private Optional<Place> ofLinks(List<OplogLink> links, OpTime from, OpTime to, TouchedRanges touched) {
        var pass = new Pass(touched, from, to);
        for (OplogLink link : links) {
            checkpoint.run();
            archive.slices().fetch(link.slice().stored()).forEachDocument(pass);
        }
        // The last link may go further than asked; then the entry asked for must have been among its own.
        boolean beyond = !links.isEmpty() && links.getLast().last().compareTo(to) > 0;
        return pass.sawFrom && (!beyond || pass.sawTo)
                ? Optional.of(new Place(links.getLast().last(), links.getLast().term()))
                : Optional.empty();
    }

    private boolean fromSource(Place begin, OpTime to, TouchedRanges touched) {
        Optional<Place> there = entryAt(begin.at());
        Optional<OpTime> oldest = new OplogScan(begin.at(), to).oldestPart(source);
        if (!there.equals(Optional.of(begin)) || oldest.isEmpty()) {
            return false;
        }
        var pass = new Pass(touched, begin.at(), to);
        new OplogScan(oldest.get(), to).read(source, pass);
        return oldest.get().equals(pass.begin) && pass.sawFrom && pass.sawTo;
    }

    private Optional<Place> entryAt(OpTime at) {
        var found = new Place[1];
        new OplogScan(at, at).read(source, (bytes, offset, length) -> {
            OplogEntry entry = OplogEntry.copyOf(bytes, offset, length);
            found[0] = new Place(entry.at(), entry.term());
        });
        return Optional.ofNullable(found[0]);
    }

    /** One uninterrupted stretch of entries. */
    private final class Pass implements DocumentConsumer {
        private static final long STRIDE = 1 << 12;

        private final TouchedRanges touched;
        private final OpTime from;
        private final OpTime to;
        private @Nullable OpTime begin;
        private boolean sawFrom;
        private boolean sawTo;

        private Pass(TouchedRanges touched, OpTime from, OpTime to) {
            this.touched = touched;
            this.from = from;
            this.to = to;
        }

        @Override
        public void accept(byte[] raw, int offset, int length) {
            OplogEntry entry = OplogEntry.within(raw, offset, length);
            OpTime at = entry.at();
            OpTime first = begin == null ? at : begin;
            begin = first;
            sawFrom |= at.equals(from);
            sawTo |= at.equals(to);
            if (at.compareTo(to) <= 0) {
                count(length);
                touched.add(entry, first);
            }
        }

        private void count(int length) {
            bytes += length;
            if (bytes > bytesMax) {
                throw new TooFar();
            }
            if (++entries % STRIDE == 0) {
                checkpoint.run();
            }
        }
    }
}
