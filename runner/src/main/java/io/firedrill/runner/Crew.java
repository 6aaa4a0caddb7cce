package io.firedrill.runner;

import io.firedrill.evidence.Clocks;
import io.firedrill.job.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The workers of one run, if the settings name a broker; else nobody, and the run does its units itself. */
final class Crew implements AutoCloseable {
    private final Optional<BrokerLink> link;
    private final Clocks clocks;
    private final List<BrokerDispatch> opened = new ArrayList<>();

    Crew(Workspace workspace) {
        this.clocks = workspace.clocks();
        this.link = workspace
                .settings()
                .broker()
                .map(broker -> new BrokerLink(broker, workspace.store().location()));
    }

    /** Steps whose units go to the workers, with what these have to know of the run. */
    Steps of(Steps steps, Errand errand) {
        return link.map(broker -> {
                    var dispatch = new BrokerDispatch(broker, errand);
                    opened.add(dispatch);
                    return steps.through(dispatch, clocks.ticker());
                })
                .orElse(steps);
    }

    @Override
    public void close() {
        try {
            opened.forEach(BrokerDispatch::close);
        } finally {
            link.ifPresent(BrokerLink::close);
        }
    }
}
