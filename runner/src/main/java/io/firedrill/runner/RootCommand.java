package io.firedrill.runner;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill} itself. */
@Command(
        name = "firedrill",
        versionProvider = Version.class,
        description =
                "Backs MongoDB up, restores it against the clock, and proves that what came back is what was there.",
        footer = {
            "  firedrill backup --store s3://backups/prod    # FIREDRILL_SOURCE_URI is in the environment",
            "  firedrill drill --confirm staging             # restore, prove, judge the time, clean up",
            "  firedrill restore --confirm staging           # when it is no drill",
            "  firedrill status                              # how things stand",
            "  firedrill help restore                        # everything about one command"
        })
final class RootCommand extends CommandGroup {
    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    @SuppressWarnings("unused") // picocli asks for a field; the option does all by itself
    private boolean version;
}
