package io.firedrill.oplog;

import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.ReadFrom;
import io.firedrill.mongo.ReadMember;
import java.util.function.Function;

/**
 * The replica set whose oplog is archived.
 *
 * @param set all of it: commands go to its primary
 * @param from which member is read
 * @param direct connects to one member, given as {@code host:port}
 * @param note what our notes in its oplog say: the run they are of
 */
public record ArchiveSource(Deployment set, ReadFrom from, Function<String, Deployment> direct, String note) {
    /** Chosen anew after every interruption. */
    ReadMember member() {
        return ReadMember.choose(set, from, direct);
    }

    ReadMember primary() {
        return ReadMember.choose(set, ReadFrom.PRIMARY, direct);
    }
}
