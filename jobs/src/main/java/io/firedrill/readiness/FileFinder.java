package io.firedrill.readiness;

import io.firedrill.evidence.Proof;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** Reads files beside the readiness file, and none that lies elsewhere, whatever links say. */
final class FileFinder {
    private final Path directory;
    private final Instant now;

    FileFinder(Path directory, Instant now) {
        this.directory = directory;
        this.now = now;
    }

    Finding find(Selector.File wanted) {
        Contents contents;
        try {
            Path file = directory.resolve(wanted.path()).toRealPath();
            if (!file.startsWith(directory.toRealPath()) || !Files.isRegularFile(file)) {
                return Finding.missing(wanted, wanted.path() + " is no file beside the readiness file");
            }
            try (InputStream in = Files.newInputStream(file)) {
                contents = new Contents(in.readNBytes(Contents.BYTES_MAX + 1));
            }
        } catch (NoSuchFileException _) {
            return Finding.missing(wanted, wanted.path() + " is not there");
        } catch (IOException thrown) {
            return Finding.missing(
                    wanted,
                    "%s cannot be read (%s)"
                            .formatted(wanted.path(), thrown.getClass().getSimpleName()));
        }
        return judge(wanted, contents);
    }

    private Finding judge(Selector.File wanted, Contents contents) {
        if (contents.isTooLarge()) {
            return Finding.missing(wanted, "%s has more than 4 MiB".formatted(wanted.path()));
        }
        Optional<String> lacks = contents.lacks(wanted.demand());
        if (lacks.isPresent()) {
            return Finding.missing(wanted, wanted.path() + " " + lacks.get());
        }
        var proof = new Proof(wanted.words(), wanted.path(), contents.sha256(), 0);
        return wanted.dated()
                .map(dated -> aged(wanted, dated, contents, proof))
                .orElseGet(() -> Finding.holds(wanted, proof, Optional.empty()));
    }

    /** By what it says, not by its time stamp, which a checkout sets anew. */
    private Finding aged(Selector.File wanted, Selector.Dated dated, Contents contents, Proof proof) {
        Optional<LocalDate> date = contents.dated(dated.expression());
        if (date.isEmpty()) {
            return Finding.missing(wanted, wanted.path() + " holds no date where the expression looks for one");
        }
        // The day counts to its end, wherever on earth it was written.
        if (date.get().isAfter(LocalDate.ofInstant(now, ZoneOffset.UTC).plusDays(1))) {
            return Finding.missing(wanted, "%s is of %s, which is yet to come".formatted(wanted.path(), date.get()));
        }
        Instant until =
                date.get().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().plus(dated.within());
        return now.isAfter(until)
                ? Finding.stale(
                        wanted, "%s is of %s, which is too old since %s".formatted(wanted.path(), date.get(), until))
                : Finding.holds(wanted, proof, Optional.of(until));
    }
}
