package io.firedrill.archive;

import io.firedrill.mongo.OpTime;
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

    String successors() {
        return "sources/%s/successors/".formatted(source);
    }

    ObjectKey successor(int number) {
        return ObjectKey.of("%s%06d".formatted(successors(), number));
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

    String doubts() {
        return "sources/%s/doubts/".formatted(source);
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

    ObjectKey seal(OpTime moment) {
        return ObjectKey.of("%s%08x%08x".formatted(seals(), moment.seconds(), moment.increment()));
    }

    String oplogTimelines() {
        return "sources/%s/oplog/timelines/".formatted(source);
    }

    ObjectKey oplogTimeline(int number) {
        return ObjectKey.of("%s%06d".formatted(oplogTimelines(), number));
    }

    String oplogLinks(int timeline) {
        return "sources/%s/oplog/links/%06d/".formatted(source, timeline);
    }

    /** Number and time are given by the link before: whoever goes on from the same one must come to the same key. */
    ObjectKey oplogLink(int timeline, long number, OpTime after) {
        return ObjectKey.of(
                "%s%09d-%08x%08x".formatted(oplogLinks(timeline), number, after.seconds(), after.increment()));
    }

    static OpTime time(String hex) {
        return new OpTime(Long.parseLong(hex.substring(0, 8), 16), Long.parseLong(hex.substring(8), 16));
    }

    String oplogSlices() {
        return "sources/%s/oplog/data/".formatted(source);
    }

    ObjectKey oplogSlice(String address) {
        return ObjectKey.of("%s%s/%s".formatted(oplogSlices(), address.substring(0, 2), address));
    }

    String oplogUnlinked() {
        return "sources/%s/oplog/unlinked/".formatted(source);
    }
}
