package io.firedrill.readiness;

import io.firedrill.evidence.Redaction;
import io.firedrill.storage.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that has to be so before a system goes into production. A secret in one of its texts is gone from here on.
 *
 * @param due the day, in UTC, by whose end it has to be so
 * @param acceptance what has to hold, for people
 * @param evidence what has to be found; all of it, and a task that asks for none is never proven
 */
public record Task(
        String id,
        String title,
        String owner,
        String backupOwner,
        Optional<LocalDate> due,
        String ticket,
        List<String> acceptance,
        List<Selector> evidence) {
    public Task {
        title = Redaction.of(title);
        owner = Redaction.of(owner);
        backupOwner = Redaction.of(backupOwner);
        ticket = Redaction.of(ticket);
        acceptance = acceptance.stream().map(Redaction::of).toList();
        evidence = List.copyOf(evidence);
    }

    /** Two people answer for it: one of them is on leave some day. */
    public boolean isOwned() {
        return !owner.isEmpty() && !backupOwner.isEmpty() && !same(owner, backupOwner);
    }

    private static boolean same(String one, String other) {
        return one.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT));
    }

    /** The digest of all that was said of it: a waiver is of this task, and not of whatever takes its name. */
    public String sha256() {
        String all = Stream.of(
                        Stream.of(
                                id,
                                title,
                                owner,
                                backupOwner,
                                due.map(LocalDate::toString).orElse(""),
                                ticket),
                        acceptance.stream(),
                        Stream.of(""),
                        evidence.stream().map(Selector::words))
                .flatMap(each -> each)
                // A length before each text: nothing can be moved from one into the next unseen.
                .map(text -> text.length() + ":" + text)
                .collect(Collectors.joining());
        return HexFormat.of().formatHex(Sha256.begin().digest(all.getBytes(StandardCharsets.UTF_8)));
    }
}
