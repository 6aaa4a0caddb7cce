package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A program whose run goes on until a signal stops it, for a test that sends one. */
final class Stoppable {
    private Stoppable() {}

    /** Runs until it is asked to stop. */
    public static void main(String[] arguments) {
        StopSignal stop = StopSignal.installed();
        Surroundings surroundings = Surroundings.ofProcess(stop, text -> text, _ -> {
            throw new IllegalStateException("not called");
        });
        System.out.println("running");
        while (!stop.requested()) {
            LockSupport.parkNanos(1_000_000);
        }
        System.out.println("stopped at a unit");
        var failure = new Failure(FailureKind.ABORTED, "the run was stopped", "Start it again.");
        ExitCode code = new ErrorReport(
                        surroundings, OutputFormat.TEXT, Paint.PLAIN, surroundings::workingDirectory, Map::of)
                .report(failure);
        stop.finished(0);
        System.exit(code.code());
    }
}
