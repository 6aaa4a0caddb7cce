package io.firedrill.runner;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code firedrill evidence reject}. */
@Command(
        name = "reject",
        description = "Reject a run: a record of its own, signed with your own key.",
        footer = {
            "  firedrill evidence reject 17 --role 'data owner' --comment '…' --operator jane --key jane.pem",
            "You may not be the operator of the run, nor hold the key that signed it."
        })
final class EvidenceRejectCommand implements Callable<Integer>, Described {
    private final Session session;

    @Mixin
    private final ApprovalOptions approval = new ApprovalOptions();

    EvidenceRejectCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return approval.say(session, false);
    }

    @Override
    public List<Setting> settings() {
        return EvidenceCommand.WRITING;
    }

    @Override
    public List<ExitCode> exitCodes() {
        return EvidenceCommand.EXIT_CODES_WRITING;
    }
}
