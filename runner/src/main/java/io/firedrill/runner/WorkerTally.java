package io.firedrill.runner;

import io.firedrill.job.Dispatch.Report;
import java.util.concurrent.atomic.AtomicLong;

/** What the lanes of a worker came to. */
final class WorkerTally {
    private final AtomicLong units = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    void count(Report report) {
        units.incrementAndGet();
        bytes.addAndGet(report.bytes());
        report.failure().ifPresent(_ -> failed.incrementAndGet());
    }

    WorkerResult result(String worker, double seconds) {
        return new WorkerResult(worker, units.get(), failed.get(), bytes.get(), seconds);
    }
}
