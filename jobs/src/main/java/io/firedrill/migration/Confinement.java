package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * How a Java process of ours is kept from every server but the rehearsal's copy, whatever a change or an application was made to
 * connect to: our program in it lets Java's own sockets reach that address only, and no name but this machine's is known
 * to it, so that channels, which go past those sockets, reach nothing by a name either.
 *
 * @param jvm options of the virtual machine
 * @param order what our program in it is told
 */
record Confinement(List<String> jvm, List<String> order) {
    /** For what has to reach what it always reaches. */
    static final Confinement NONE = new Confinement(List.of(), List.of());

    /** In the folder of the process: what it was kept from, each as {@code host:port} in a line. */
    private static final String TOLD = "kept-from";

    private static final String HOSTS = "hosts";

    Confinement {
        jvm = List.copyOf(jvm);
        order = List.copyOf(order);
    }

    /**
     * @param reachable hosts that it may reach all the same, by name or address
     * @param folder of the process, which is removed with it
     */
    static Confinement of(RunTarget target, List<String> reachable, Path folder) {
        if (!target.confined()) {
            return NONE;
        }
        var names = new ArrayList<>(List.of(ProxiedUri.HOST + " " + ownName()));
        var reach = new TreeSet<String>();
        reachable.forEach(host -> reach.add(host.toLowerCase(Locale.ROOT)));
        for (String host : reachable) {
            for (InetAddress address : addresses(host)) {
                String literal = address.getHostAddress();
                reach.add(literal.contains(":") ? "[" + literal + "]" : literal);
                names.add(literal + " " + host);
            }
        }
        Path hosts = folder.resolve(HOSTS);
        try {
            Files.write(hosts, names);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
        return new Confinement(
                List.of("-Djdk.net.hosts.file=" + hosts.toAbsolutePath()),
                List.of(
                        "only=" + ProxiedUri.places(target.uri()),
                        "reach=" + String.join(",", reach),
                        "told=" + folder.resolve(TOLD).toAbsolutePath()));
    }

    /** What a process with this folder was kept from. */
    static List<String> keptFrom(Path folder) {
        Path told = folder.resolve(TOLD);
        try {
            return Files.exists(told) ? Files.readAllLines(told) : List.of();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** Mongock writes it into its rows. */
    private static String ownName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "localhost";
        }
    }

    /** Of a host that an application may reach. */
    static InetAddress[] addresses(String host) {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the host '%s', which an application may reach, is not known here".formatted(host),
                    "--app-reach takes hosts by name or address, without a port.",
                    thrown);
        }
    }
}
