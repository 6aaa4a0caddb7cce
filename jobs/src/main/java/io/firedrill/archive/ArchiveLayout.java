package io.firedrill.archive;

import io.firedrill.storage.ObjectKey;
import java.util.regex.Pattern;

/** Where things lie under a source. docs/ARCHIVE_FORMAT.md draws it. */
record ArchiveLayout(String source) {
    private static final Pattern SOURCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    ArchiveLayout {
        if (!SOURCE.matcher(source).matches()) {
            throw new IllegalArgumentException("not a source name: '%s'".formatted(source));
        }
    }

    static boolean isSourceName(String text) {
        return SOURCE.matcher(text).matches();
    }

    ObjectKey segment(String address) {
        return ObjectKey.of("sources/%s/segments/%s/%s".formatted(source, address.substring(0, 2), address));
    }

    String backups() {
        return "sources/%s/backups/".formatted(source);
    }

    String backup(BackupId id) {
        return backups() + id + "/";
    }

    ObjectKey plan(BackupId id) {
        return ObjectKey.of(backup(id) + "plan");
    }

    ObjectKey part(BackupId id, String unit) {
        return ObjectKey.of(backup(id) + "part/" + unit);
    }

    ObjectKey oplog(BackupId id, String sha256) {
        return ObjectKey.of(backup(id) + "oplog/" + sha256);
    }

    ObjectKey manifest(BackupId id) {
        return ObjectKey.of(backup(id) + "manifest");
    }

    String identities() {
        return "sources/%s/identities/".formatted(source);
    }

    String segments() {
        return "sources/%s/segments/".formatted(source);
    }

    String keys() {
        return "sources/%s/keys/".formatted(source);
    }

    ObjectKey key(String id, int generation) {
        return ObjectKey.of("%s%s/%06d".formatted(keys(), id, generation));
    }

    String holds() {
        return "sources/%s/holds/".formatted(source);
    }

    String marks() {
        return "sources/%s/marks/".formatted(source);
    }

    String sweeps() {
        return "sources/%s/sweeps/".formatted(source);
    }

    String orphans() {
        return "sources/%s/orphans/".formatted(source);
    }

    String seals() {
        return "sources/%s/seals/".formatted(source);
    }
}
