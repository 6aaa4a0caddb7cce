package io.firedrill.doctor;

import io.firedrill.doctor.Finding.State;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects what came of the checks of one subject, in the order in which they were made. */
public final class Findings {
    private final String subject;
    private final List<Finding> all = new ArrayList<>();

    public Findings(String subject) {
        this.subject = subject;
    }

    public void ok(Check check, String seen) {
        all.add(new Finding(check, subject, State.OK, seen, "", Optional.empty()));
    }

    public void warn(Check check, FailureKind kind, String seen, String hint) {
        all.add(new Finding(check, subject, State.WARN, seen, hint, Optional.of(kind)));
    }

    public void fail(Check check, FailureKind kind, String seen, String hint) {
        all.add(new Finding(check, subject, State.FAIL, seen, hint, Optional.of(kind)));
    }

    public void fail(Check check, Failure failure) {
        fail(check, failure.kind(), failure.text(), failure.hint());
    }

    /** Nobody could look: what is not looked at is not proven. */
    public void skip(Check check, FailureKind kind, String reason) {
        all.add(new Finding(check, subject, State.SKIPPED, reason, "", Optional.of(kind)));
    }

    /** Nobody could look, because of something that is told as a finding of its own. */
    public void skip(Check check, String reason) {
        skip(check, FailureKind.DEPENDENCY_UNAVAILABLE, reason);
    }

    /** The same of several, for one reason. */
    public void skip(List<Check> checks, String reason) {
        checks.forEach(check -> skip(check, reason));
    }

    /** Makes a check; what it fails with is what is found. */
    public void require(Check check, Runnable look) {
        try {
            look.run();
        } catch (Failure failure) {
            fail(check, failure);
        }
    }

    /** Looks behind the door of a server only where it is believed; where it is not, it is not asked. */
    public void inside(boolean believed, List<Check> unasked, Runnable look) {
        if (believed) {
            look.run();
        } else {
            skip(unasked, "its certificate is not believed");
        }
    }

    /** Makes a check of what another one says whether we may ask for it: where we may not, nobody could look. */
    public void ask(Check check, Runnable look) {
        try {
            look.run();
        } catch (Failure failure) {
            if (failure.kind() == FailureKind.ACCESS_DENIED) {
                skip(check, failure.kind(), failure.text());
            } else {
                fail(check, failure);
            }
        }
    }

    /** Whether a check came out badly. */
    public boolean failed(Check check) {
        return all.stream().anyMatch(each -> each.check() == check && each.state() == State.FAIL);
    }

    /** Whether a check could be made. */
    public boolean lookedAt(Check check) {
        return all.stream().anyMatch(each -> each.check() == check && each.state() != State.SKIPPED);
    }

    public List<Finding> all() {
        return List.copyOf(all);
    }
}
