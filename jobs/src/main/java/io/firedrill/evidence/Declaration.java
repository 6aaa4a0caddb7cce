package io.firedrill.evidence;

import tools.jackson.databind.node.ObjectNode;

/** What somebody says in a ledger, where no run says it. */
public sealed interface Declaration permits Approval, SignOff, Waiver, Publication, GateResult {
    EntryKind kind();

    /** What is stated, without its place in the ledger; {@code time} is when it is said. */
    ObjectNode predicate(String time);
}
