package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.monitoring.Metric;
import io.firedrill.monitoring.Sample;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Measures every source of the store by what {@code status} says of it, so that the two cannot disagree. */
final class MetricsReader {
    private final Workspace workspace;
    private final @Nullable String named;

    MetricsReader(Workspace workspace) {
        this.workspace = workspace;
        this.named = workspace.settings().sourceName();
    }

    MetricsResult read() {
        var whole = new Glance(workspace);
        var all = new ArrayList<Sample>(ofStore(whole));
        for (String source : named == null ? BackupCatalog.sources(workspace.store()) : List.of(named)) {
            all.addAll(new SourceMetrics(workspace, whole, source).samples());
        }
        return new MetricsResult(instance(), all);
    }

    private List<Sample> ofStore(Glance whole) {
        var samples = Samples.ofStore();
        samples.add(Metric.MEASURED, Samples.unixSeconds(workspace.clocks().now()));
        samples.addCount(Metric.EVIDENCE_RECORDS, whole.records());
        return samples.all();
    }

    private String instance() {
        String store = workspace.store().location();
        return named == null ? store : "%s/sources/%s".formatted(store.replaceFirst("/+$", ""), named);
    }
}
