package io.firedrill.oplog;

import io.firedrill.archive.Selection;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.RecoveryWindow.Base;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a moment is restored: which backup, and the archived oplog from there on.
 *
 * @param until the last cluster time that counts
 * @param chosen how the moment was found where that was left to us, or what has to be known of it; empty where there is
 *     nothing to say
 */
public record RecoveryPlan(RecoveryTarget asked, RecoveryWindow window, Base base, OpTime until, String chosen) {
    private static final Pattern AIM = Pattern.compile(".* to (\\d+),(\\d+)");

    /** What a restore wants, in words that are equal for equal wishes: a run that goes on is held to them. */
    public String aim(Selection selection) {
        return "%s to %s".formatted(selection, until);
    }

    /** The moment that such words end with; empty where a backup was wanted as it is. */
    public static Optional<OpTime> momentOf(String aim) {
        Matcher words = AIM.matcher(aim);
        return words.matches()
                ? Optional.of(new OpTime(Long.parseLong(words.group(1)), Long.parseLong(words.group(2))))
                : Optional.empty();
    }
}
