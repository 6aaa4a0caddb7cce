package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.evidence.ReleaseFacts.OfChange;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.ReleaseHistory;
import io.firedrill.migration.ReleaseHistory.Attempt;
import io.firedrill.migration.Standing;
import io.firedrill.storage.ProcessMark;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is told of tools that outlived the release which started them. */
class LivingToolsTest {
    private static final Standing NOTHING = new Standing(List.of(), Optional.empty());

    private static LivingTools tools(boolean applying, String process, String host) {
        OfChange change = OfChange.planned("fill", "ada", "", "r", Optional.of(1.0))
                .begunAt("17,4")
                .ranBy(process);
        var facts = new ReleaseFacts("mongock", "app.jar", "ab", "shop", "r", "17,4", "", List.of(change));
        return new LivingTools(new ReleaseHistory(List.of(new Attempt("run-1", applying, facts, Set.of(), host))));
    }

    @Test
    void oneThatLivesHereIsNamedWithItsNumber() {
        ProcessHandle own = ProcessHandle.current();
        LivingTools tools = tools(false, ProcessMark.of(own.pid()).text(), "web-1");
        Failure failure = catchThrowableOfType(Failure.class, tools::requireNone);
        assertThat(failure.kind()).isEqualTo(FailureKind.LOCK_HELD);
        assertThat(failure.text())
                .contains("process " + own.pid() + " on this machine", "'fill (ada)'", "run run-1", "to take it back");
        assertThat(failure.hint()).contains("kill " + own.pid(), "Nothing was written");
        assertThat(tools.untold(NOTHING)).isEmpty();
    }

    @Test
    void ofOneOnAnotherMachineItIsSaidThatNobodyCanTell() {
        LivingTools elsewhere = tools(true, "other-boot pid:[4026531836] 4711 77", "web-1");
        assertThatCode(elsewhere::requireNone).doesNotThrowAnyException();
        assertThat(elsewhere.untold(NOTHING))
                .containsExactly(
                        "whether process 4711, which run run-1 started on web-1 for 'fill (ada)', is still at work"
                                + " cannot be told from here");
        assertThat(tools(true, "unknown 4711", "").untold(NOTHING).getFirst()).contains("on another machine");
    }

    @Test
    void oneThatWasNeverStartedOrIsGoneIsNoMatter() {
        assertThat(tools(true, "", "web-1").untold(NOTHING)).isEmpty();
        String reused = ProcessMark.of(ProcessHandle.current().pid()).text() + "1";
        assertThatCode(tools(true, reused, "web-1")::requireNone)
                .as("another process of the same number")
                .doesNotThrowAnyException();
        assertThat(tools(true, reused, "web-1").untold(NOTHING)).isEmpty();
    }
}
