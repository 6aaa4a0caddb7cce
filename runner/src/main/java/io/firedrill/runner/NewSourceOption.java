package io.firedrill.runner;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whom an operator accepts as the source, where it is not the replica set any more that the store knows. */
final class NewSourceOption {
    @Option(
            names = "--new-source",
            paramLabel = "ID",
            description =
                    "Accept the replica set with this id as the source from now on, in the place of the one that the store knows. The message that refuses it names the id.")
    private String id = "";

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    /** The id; empty for none. What is written for good is not rehearsed. */
    String id(boolean dryRun) {
        if (dryRun && !id.isEmpty()) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--new-source is written to the store, and --dry-run writes nothing: give one of the two");
        }
        return id;
    }
}
