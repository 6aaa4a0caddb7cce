package io.firedrill.evidence;

import io.firedrill.evidence.SeenEntry.Stated;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at approvals: each is of a record that is there, by somebody else than its operator, with a key of their own. */
final class ApprovalCheck {
    private final Set<String> pinned;
    private final Period period;
    private final List<String> notes;

    ApprovalCheck(Set<String> pinned, Period period, List<String> notes) {
        this.pinned = pinned;
        this.period = period;
        this.notes = notes;
    }

    Tally of(Map<Long, SeenEntry> entries) {
        var tally = new Tally("approvals");
        long unpinned = 0;
        for (SeenEntry entry : entries.values()) {
            boolean wanted = entry.is(EntryKind.APPROVAL)
                    && period.has(entry.stated().orElseThrow().at());
            if (wanted) {
                String problem = problem(entry, entries);
                tally.judge(problem.isEmpty(), entry.object(), problem);
                unpinned += pinned.isEmpty() ? 1 : 0;
            }
        }
        if (unpinned > 0) {
            notes.add("%d approvals are signed with keys that nobody pinned: who holds them is not known here"
                    .formatted(unpinned));
        }
        return tally;
    }

    private String problem(SeenEntry approval, Map<Long, SeenEntry> entries) {
        Stated stated = approval.stated().orElseThrow();
        @Nullable SeenEntry record = entries.get(number(stated.text("/record/seq")));
        if (record == null || !record.sha256().equals(stated.text("/record/sha256"))) {
            return "approves a record that is not there";
        }
        if (!record.is(EntryKind.RUN)) {
            return "approves what is no run";
        }
        if (Approval.isSame(record.stated().orElseThrow().operator(), stated.operator())) {
            return "is by the operator of the run";
        }
        if (record.keyId().equals(approval.keyId())) {
            return "is signed with the key that signed the run";
        }
        return pinned.isEmpty() || pinned.contains(approval.keyId())
                ? ""
                : "is signed with the key %s, which is not pinned".formatted(approval.keyId());
    }

    private static long number(String text) {
        return text.matches("\\d{1,12}") ? Long.parseLong(text) : 0;
    }
}
