package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.HandedCertificates;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Makes connection strings over. They are secret, and appear in no message. */
final class ProxiedUri {
    /** Where the proxy is, and the server too. */
    static final String HOST = "127.0.0.1";

    private static final String SCHEME = "mongodb://";

    /** What would lead past us, or hide from us what is sent. */
    private static final Set<String> LEFT_OUT =
            Set.of("directconnection", "loadbalanced", "compressors", "zlibcompressionlevel");

    private ProxiedUri() {}

    /**
     * The same credentials, database and options, on this machine at another port.
     *
     * @throws Failure if it is none for a server that is named by its address
     */
    static String through(String direct, int port) {
        if (!direct.startsWith(SCHEME)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the rehearsal's connection string does not begin with mongodb://",
                    "Name the server by its address.");
        }
        int question = direct.indexOf('?');
        String place = question < 0 ? direct : direct.substring(0, question);
        String query = question < 0 ? "" : direct.substring(question + 1);
        int slash = place.indexOf('/', SCHEME.length());
        String hosts = slash < 0 ? place : place.substring(0, slash);
        String database = slash < 0 ? "/" : place.substring(slash);
        // A password has no @ of its own: it is percent-encoded.
        String credentials = hosts.substring(SCHEME.length(), Math.max(SCHEME.length(), hosts.lastIndexOf('@') + 1));
        // With a direct connection a driver does not go where the server says that it is.
        String options = options(query, LEFT_OUT, "directConnection=true");
        return "%s%s%s:%d%s?%s".formatted(SCHEME, credentials, HOST, port, database, options);
    }

    /** The same, for a client that the server knows by this name. */
    static String named(String uri, String application) {
        int question = uri.indexOf('?');
        String place = question < 0 ? uri : uri.substring(0, question);
        String query = question < 0 ? "" : uri.substring(question + 1);
        String slash = place.indexOf('/', place.indexOf("//") + 2) < 0 ? "/" : "";
        return "%s%s?%s".formatted(place, slash, options(query, Set.of("appname"), "appName=" + application));
    }

    /** The same without the files with certificates, and without what opens them. */
    static String withoutFiles(String uri) {
        int question = uri.indexOf('?');
        return question < 0
                ? uri
                : uri.substring(0, question + 1) + options(uri.substring(question + 1), HandedCertificates.OPTIONS);
    }

    /** The servers that it names, each as {@code host:port}, with commas between. */
    static String places(String uri) {
        String behind = uri.substring(uri.indexOf("//") + 2);
        String place = behind.split("[/?]", 2)[0];
        return place.substring(place.lastIndexOf('@') + 1);
    }

    private static String options(String query, Set<String> leftOut, String... more) {
        List<String> options = new ArrayList<>(List.of(more));
        Stream.of(query.split("[&;]", -1))
                .filter(option -> !option.isEmpty())
                .filter(option -> !leftOut.contains(option.split("=", 2)[0].toLowerCase(Locale.ROOT)))
                .forEach(options::add);
        return String.join("&", options);
    }
}
