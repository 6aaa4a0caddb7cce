package io.firedrill.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What was said of the runs of a ledger, by the number of the run. Whether it holds is for a verification to tell. */
public final class Approvals {
    private final Map<Long, List<Said>> said = new HashMap<>();

    /** One word about a run, and the number of the record that says it. */
    public record Said(
            long seq, boolean approved, String approver, String role, String comment, String at, String keyId) {
        /** As people say it: "approved by jane (data owner)". */
        public String words() {
            return (approved ? "approved by " : "rejected by ") + approver + (role.isEmpty() ? "" : " (" + role + ")");
        }
    }

    /** Reads on: whatever the entry is, if it is no approval nothing happens. */
    public void add(LedgerEntry entry) {
        if (entry.kind() == EntryKind.APPROVAL) {
            JsonNode stated = entry.predicate();
            var word = new Said(
                    entry.seq(),
                    stated.path("decision").asString("").equals("approved"),
                    stated.at("/verifier/id").asString(""),
                    stated.at("/verifier/role").asString(""),
                    stated.path("comment").asString(""),
                    stated.path("timeCreated").asString(""),
                    entry.keyId());
            said.computeIfAbsent(stated.at("/record/seq").asLong(0), _ -> new ArrayList<>())
                    .add(word);
        }
    }

    public List<Said> of(long seq) {
        return List.copyOf(said.getOrDefault(seq, List.of()));
    }

    /** Who rejected a run and has not said otherwise since; the newest entries have to be read first. */
    Optional<String> rejection(long seq) {
        Set<String> heard = new HashSet<>();
        return of(seq).stream()
                .filter(word -> heard.add(word.keyId()))
                .filter(word -> !word.approved())
                .map(Said::words)
                .findFirst();
    }

    /** All of it in one text. */
    public String words(long seq) {
        return String.join("; ", of(seq).stream().map(Said::words).toList());
    }
}
