package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
    @Test
    void everyKindOfEndHasAPage() throws IOException {
        assertThat(page("passed-drill", Samples::passedDrill)).contains(">PROVEN<");
        assertThat(page("late-drill", Samples::lateDrill)).contains(">PROVEN, RTO MISSED<");
        assertThat(page("failed-restore", Samples::failedRestore)).contains(">FAILED<");
        assertThat(page("aborted-backup", Samples::abortedBackup)).contains(">ABORTED<");
        assertThat(page("sealed-backup", Samples::sealedBackup)).contains(">SEALED<");
        assertThat(page("huge-drill", Samples::hugeDrill)).contains("400 collections");
    }

    /** Left under target/reports for whoever wants to look at them. */
    private static String page(String name, Function<Samples, RunRecord> run) throws IOException {
        String page = HtmlReport.render(run.apply(new Samples()));
        Path folder = Files.createDirectories(Path.of("target", "reports"));
        Files.writeString(folder.resolve(name + ".html"), page);
        return page;
    }
}
