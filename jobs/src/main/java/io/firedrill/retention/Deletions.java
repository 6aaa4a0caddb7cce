package io.firedrill.retention;

import io.firedrill.archive.BackupObjects;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.ObjectKey;
import java.util.ArrayList;
import java.util.List;

/** Deletes objects one by one, and remembers what the store refused: under Object Lock that is its right. */
final class Deletions {
    private final BackupObjects objects;
    private final Runnable checkpoint;
    private final List<RefusedDeletion> refused = new ArrayList<>();

    Deletions(BackupObjects objects, Runnable checkpoint) {
        this.objects = objects;
        this.checkpoint = checkpoint;
    }

    /** False if the store refused; everything else that goes wrong ends the run. */
    boolean delete(ObjectKey key) {
        checkpoint.run();
        try {
            objects.delete(key);
            return true;
        } catch (Failure failure) {
            if (failure.kind() != FailureKind.ACCESS_DENIED) {
                throw failure;
            }
            refused.add(new RefusedDeletion(key.value(), failure.text()));
            return false;
        }
    }

    /** Deletes all of them, and goes on past what is refused. */
    boolean deleteAll(List<ObjectKey> keys) {
        boolean all = true;
        for (ObjectKey key : keys) {
            all &= delete(key);
        }
        return all;
    }

    /** Deletes our own notes in order, and stops where the store refuses: a few bytes that stay are no news. */
    void tidy(List<ObjectKey> keys) {
        int before = refused.size();
        for (ObjectKey key : keys) {
            if (!delete(key)) {
                refused.subList(before, refused.size()).clear();
                return;
            }
        }
    }

    List<RefusedDeletion> refused() {
        return refused;
    }
}
