package io.firedrill.storage;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** The processes of this machine as the kernel tells them; where it does not, nobody is known to be dead. */
final class Processes {
    private static final String UNKNOWN = "unknown";

    private final Path proc;

    Processes(Path proc) {
        this.proc = proc;
    }

    String own() {
        return idOf(ProcessHandle.current().pid());
    }

    /** {@code <boot> <namespace> <pid> <start in clock ticks since the boot>}, as far as the kernel tells. */
    String idOf(long pid) {
        return machine()
                .flatMap(machine -> statOf(pid).map(stat -> "%s %d %s".formatted(machine, pid, stat.start())))
                .orElse(UNKNOWN + " " + pid);
    }

    String host() {
        return line(proc.resolve("sys/kernel/hostname")).orElseGet(Processes::hostByName);
    }

    /** True only if the process was one of this machine, seen from here, and is no more. */
    boolean isDead(String processId) {
        return life(processId) == ProcessMark.Life.DEAD;
    }

    /** Of a process of another machine, or that cannot be seen from here, nothing is known. */
    ProcessMark.Life life(String processId) {
        String[] parts = processId.split(" ", -1);
        boolean ours = parts.length == 4
                && parts[2].matches("\\d{1,10}")
                && machine().equals(Optional.of(parts[0] + " " + parts[1]));
        if (!ours || !seesOthers()) {
            return ProcessMark.Life.UNKNOWN;
        }
        return statOf(Long.parseLong(parts[2]))
                        .filter(stat -> stat.start().equals(parts[3]) && !stat.gone())
                        .isPresent()
                ? ProcessMark.Life.LIVES
                : ProcessMark.Life.DEAD;
    }

    /** Where other users' processes are hidden, absence would prove nothing; the first process shows which it is. */
    private boolean seesOthers() {
        return statOf(1).isPresent();
    }

    private Optional<String> machine() {
        try {
            var namespace = Files.readSymbolicLink(proc.resolve("self/ns/pid"));
            return line(proc.resolve("sys/kernel/random/boot_id")).map(boot -> boot + " " + namespace);
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private record Stat(String start, boolean gone) {}

    private Optional<Stat> statOf(long pid) {
        // The command stands in parentheses and may hold anything, so the fields are counted from the last one.
        return line(proc.resolve(pid + "/stat")).flatMap(line -> {
            String[] fields = line.substring(line.lastIndexOf(')') + 1).strip().split(" ", -1);
            return fields.length < 20
                    ? Optional.empty()
                    : Optional.of(new Stat(fields[19], fields[0].equals("Z") && !hasOtherThreads(pid)));
        });
    }

    /** A zombie is dead but for its parent not having noticed, unless other threads of it still run. */
    private boolean hasOtherThreads(long pid) {
        try (var threads = Files.list(proc.resolve(pid + "/task"))) {
            return threads.skip(1).findAny().isPresent();
        } catch (IOException e) {
            return Files.exists(proc.resolve(Long.toString(pid)), LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static Optional<String> line(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String hostByName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
