package io.firedrill.runner;

import io.firedrill.migration.RunTools;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The commands that come after a rehearsal, each as it is typed. None has a connection string: that is in the settings of
 * whoever types it.
 *
 * @param flags of every command about this artefact and this database
 * @param running of those that run changes
 * @param set the name of the replica set that was backed up, and is written to
 */
record ReleaseCommands(List<String> flags, List<String> running, String set) {
    ReleaseCommands {
        flags = List.copyOf(flags);
        running = List.copyOf(running);
    }

    static ReleaseCommands after(RehearseRequest request, String database, String set) {
        var running = new ArrayList<String>();
        if (!request.java().equals(RunTools.ownJava())) {
            running.addAll(List.of("--java", request.java().toString()));
        }
        request.applicationUri().ifPresent(name -> running.addAll(List.of("--app-uri-env", name)));
        // What was allowed to take longer in the rehearsal will do so again.
        if (!request.options().limit().equals(MigrationsRunOptions.TIME_LIMIT)) {
            running.addAll(List.of("--time-limit", request.options().limit().toMillis() + "ms"));
        }
        return new ReleaseCommands(MigrationsFlags.of(request.of(), database), running, set);
    }

    String list(String... options) {
        return line("list", List.of(), options, List.of());
    }

    /** Only says whether it would be refused, and what would be run. */
    String planned(String verb, String... options) {
        return line(verb, running, options, List.of("--dry-run"));
    }

    /** What writes says where. */
    String confirmed(String verb, String... options) {
        return line(verb, running, options, List.of("--confirm", set));
    }

    private String line(String verb, List<String> run, String[] options, List<String> last) {
        return ShellWord.line(Stream.of(List.of("firedrill", "migrations", verb), flags, run, List.of(options), last)
                .flatMap(List::stream)
                .toList());
    }
}
