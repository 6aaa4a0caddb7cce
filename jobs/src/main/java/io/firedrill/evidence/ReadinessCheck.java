package io.firedrill.evidence;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at sign-offs and waivers: what they rest on is there, and no owner judged their own work unsaid. */
final class ReadinessCheck {
    private final Set<String> pinned;
    private final Period period;
    private final List<String> notes;
    private final Set<String> ledgerKeys = new HashSet<>();

    ReadinessCheck(Set<String> pinned, Period period, List<String> notes) {
        this.pinned = pinned;
        this.period = period;
        this.notes = notes;
    }

    /** The entries have to come in their order. */
    Tally of(Map<Long, SeenEntry> entries) {
        var tally = new Tally("sign-offs");
        for (SeenEntry entry : entries.values()) {
            if (entry.stated().isPresent() && !entry.isPersonal()) {
                ledgerKeys.add(entry.keyId());
            }
            if ((entry.is(EntryKind.SIGN_OFF) || entry.is(EntryKind.WAIVER))
                    && period.has(entry.stated().orElseThrow().at())) {
                String problem = problem(entry, entries);
                tally.judge(problem.isEmpty(), entry.object(), problem);
            }
        }
        long said = tally.area().population();
        if (said > 0 && pinned.isEmpty()) {
            notes.add(
                    "%d sign-offs and waivers are signed with keys that nobody pinned: who holds them is not known here"
                            .formatted(said));
        }
        return tally;
    }

    private String problem(SeenEntry entry, Map<Long, SeenEntry> entries) {
        SeenEntry.Stated stated = entry.stated().orElseThrow();
        ReadinessClaim claim = stated.claim();
        for (ReadinessClaim.Cited cited : claim.records()) {
            @Nullable SeenEntry record = entries.get(cited.seq());
            if (record == null
                    || record.seq() >= entry.seq()
                    || !record.sha256().equals(cited.sha256())) {
                return "rests on record %d, which is not there as it was".formatted(cited.seq());
            }
        }
        boolean own = claim.owners().stream().anyMatch(owner -> Approval.isSame(owner, stated.operator()));
        if (own && claim.ownReason().isEmpty()) {
            return "is by the owner of what it judges";
        }
        if (ledgerKeys.contains(entry.keyId())) {
            return "is signed with a key of the ledger itself";
        }
        return pinned.isEmpty() || pinned.contains(entry.keyId())
                ? ""
                : "is signed with the key %s, which is not pinned".formatted(entry.keyId());
    }
}
