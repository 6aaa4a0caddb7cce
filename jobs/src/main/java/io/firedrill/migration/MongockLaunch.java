package io.firedrill.migration;

import java.util.List;
import java.util.Map;

/** How a jar's changes are run: by the Mongock in it, or by the one that Firedrill ships. */
interface MongockLaunch {
    /**
     * @param jvm options of the virtual machine
     * @param order what our program in that process is asked to do: a verb, and values as {@code name=value}
     */
    List<String> command(Change change, RunTarget target, List<String> jvm, List<String> order);

    /** Whether it goes by settings of its own where it connects. */
    boolean findsItsOwnWay();

    /** In which the connection string is. */
    Map<String, String> environment(RunTarget target);
}
