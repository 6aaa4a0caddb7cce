package io.firedrill.mongock;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps this process from every server but those that it was given: each of Java's own sockets is led to a proxy that there
 * is not. Whatever makes a client of its own, wherever its settings lead, writes nothing there.
 */
final class Confinement extends ProxySelector {
    /** Whoever is kept from a server finds this in the exception; {@code .invalid} is no host anywhere. */
    private static final String NOWHERE = "kept-from-it-by-firedrill.invalid";

    private final Set<String> places;
    private final Set<String> hosts;
    private final Path told;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    private Confinement(Set<String> places, Set<String> hosts, Path told) {
        this.places = places;
        this.hosts = hosts;
        this.told = told;
    }

    /** Before anything else of this process makes a connection; does nothing where it may go anywhere. */
    static void asTold(Order order) {
        Set<String> places = order.values("only");
        if (!places.isEmpty()) {
            ProxySelector.setDefault(new Confinement(places, order.values("reach"), Path.of(order.value("told"))));
        }
    }

    /** A name with an underscore, which many have, is none to a URI. */
    private static String hostOf(URI uri) {
        if (uri.getHost() != null) {
            return uri.getHost();
        }
        return String.valueOf(uri.getAuthority()).replaceFirst(":\\d*$", "");
    }

    @Override
    public List<Proxy> select(URI uri) {
        String host = hostOf(uri).toLowerCase(Locale.ROOT);
        String place = host + ":" + uri.getPort();
        if (places.contains(place) || hosts.contains(host)) {
            return List.of(Proxy.NO_PROXY);
        }
        if (known.add(place)) {
            tell(place);
        }
        return List.of(new Proxy(Proxy.Type.SOCKS, InetSocketAddress.createUnresolved(NOWHERE, 1)));
    }

    /** Whoever started this process reads it. */
    private void tell(String place) {
        try {
            Files.writeString(told, place + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException thrown) {
            // It is kept from there all the same.
            thrown.printStackTrace(System.err);
        }
    }

    @Override
    public void connectFailed(URI uri, SocketAddress proxy, IOException thrown) {
        // As it should.
    }
}
