package io.firedrill.runner;

import io.firedrill.evidence.Receipt;
import io.firedrill.evidence.RehearsalFacts.Grade;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What a release relies on that its rehearsal has not shown. */
final class ReceiptDoubts {
    private ReceiptDoubts() {}

    /** What a rehearsal has not shown of the changes that rely on it, in words: whoever reads that it passed should see them. */
    static List<String> of(Receipt receipt) {
        var unproven = new TreeMap<String, List<String>>();
        receipt.facts()
                .changes()
                .forEach(change -> change.properties().stream()
                        .filter(each -> each.grade() != Grade.PROVEN)
                        .forEach(each -> unproven.computeIfAbsent(
                                        "%s was %s".formatted(each.property(), each.grade()), _ -> new ArrayList<>())
                                .add(change.name())));
        return unproven.entrySet().stream()
                .map(each -> "%s in rehearsal %s, of %s"
                        .formatted(each.getKey(), receipt.runId(), String.join(", ", each.getValue())))
                .toList();
    }
}
