package io.firedrill.archive;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** The name of one backup: UTC time to the second, then eight random hex digits. Sorts by time. */
public record BackupId(String value) implements Comparable<BackupId> {
    private static final Pattern FORM = Pattern.compile("\\d{8}T\\d{6}Z-[0-9a-f]{8}");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    public BackupId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a backup id: '%s'".formatted(value));
        }
    }

    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    public static BackupId of(Instant moment, int random) {
        return new BackupId("%s-%08x".formatted(TIME.format(moment), random));
    }

    /** One that sorts after this one even if it is begun within the same second. */
    public BackupId next(Instant moment, int random) {
        Instant later = moment().plusSeconds(1);
        return of(moment.isBefore(later) ? later : moment, random);
    }

    /** When the backup was begun, to the second; of a synthetic one, the moment that it shows. */
    public Instant moment() {
        return TIME.parse(value.substring(0, value.indexOf('-')), Instant::from);
    }

    @Override
    public int compareTo(BackupId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
