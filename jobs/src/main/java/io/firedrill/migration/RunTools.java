package io.firedrill.migration;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What of this machine changes are run with, beside what their artefact brings along.
 *
 * @param mongock folder with the Mongock that Firedrill ships; the build lays it beside the application
 * @param java the program that runs a jar, of the release that the jar was built for, 17 or later
 * @param uriVariable a variable in which a Spring Boot application gets the connection string, beside Spring's own; for
 *     one that makes its own client
 * @param reachable hosts that a rehearsed application may reach beside the copy
 */
public record RunTools(Path mongock, Path java, Optional<String> uriVariable, List<String> reachable) {
    public RunTools {
        reachable = List.copyOf(reachable);
    }

    /** For what is not kept from anything, or from all but the copy. */
    public RunTools(Path mongock, Path java, Optional<String> uriVariable) {
        this(mongock, java, uriVariable, List.of());
    }

    /** With the Java that this process runs on, for jars that need nothing else. */
    public static RunTools usual(Path mongock) {
        return new RunTools(mongock, ownJava(), Optional.empty());
    }

    /**
     * Looks every host up that an application may reach.
     *
     * @throws io.firedrill.failure.Failure if one is not known here
     */
    public void requireReachable() {
        reachable.forEach(Confinement::addresses);
    }

    /** The Java that this process runs on. */
    public static Path ownJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }
}
