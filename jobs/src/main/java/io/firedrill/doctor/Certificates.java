package io.firedrill.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What a server shows of itself when TLS begins, and whether this machine believes it.
 *
 * @param protocol that was agreed on
 * @param expires the first of the chain to expire; empty where the server showed none
 * @param distrust why it is not believed; empty where it is
 */
public record Certificates(String protocol, Optional<Instant> expires, Optional<String> distrust) {
    private static final int MILLIS_MAX = 5_000;

    /** Also of an authority that was made anew: it is found by its old name, and has signed nothing. */
    private static final Pattern UNSIGNED =
            Pattern.compile("valid certification path|path building|signature check failed|any of the trust anchors");

    /** What has to be said before TLS begins. */
    @FunctionalInterface
    public interface Opening {
        /** Most servers begin at once. */
        Opening NONE = plain -> {};

        /** @throws IOException where the server does not want TLS */
        void open(Socket plain) throws IOException;
    }

    /**
     * Begins TLS as the clients of our servers do it, and ends it.
     *
     * @param files what TLS goes by, in the place of what this machine trusts
     * @throws IOException where nobody answers, or what answers does not speak TLS
     */
    public static Certificates of(String host, int port, Optional<SSLContext> files, Opening opening)
            throws IOException {
        try {
            SSLContext trust = files.isPresent() ? files.get() : SSLContext.getDefault();
            return shown(trust, host, port, opening, Optional.empty());
        } catch (SSLException distrusted) {
            // Once more, to see what was not believed; nothing is sent to it.
            return shown(credulous(), host, port, opening, Optional.of(reason(distrusted)));
        } catch (GeneralSecurityException thrown) {
            throw new IOException("this machine's trust store cannot be read", thrown);
        }
    }

    private static Certificates shown(SSLContext tls, String host, int port, Opening opening, Optional<String> distrust)
            throws IOException {
        try (var plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), MILLIS_MAX);
            plain.setSoTimeout(MILLIS_MAX);
            opening.open(plain);
            try (var socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, host, port, true)) {
                var parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm(distrust.isPresent() ? null : "HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                List<X509Certificate> chain = Arrays.stream(socket.getSession().getPeerCertificates())
                        .map(X509Certificate.class::cast)
                        .toList();
                return new Certificates(
                        socket.getSession().getProtocol(),
                        chain.stream()
                                .map(each -> each.getNotAfter().toInstant())
                                .min(Comparator.naturalOrder()),
                        distrust);
            }
        }
    }

    private static String reason(SSLException distrusted) {
        List<Throwable> causes = Stream.iterate((Throwable) distrusted, cause -> cause != null, Throwable::getCause)
                .toList();
        String text = String.valueOf(causes.getLast().getMessage());
        if (causes.stream().anyMatch(CertificateExpiredException.class::isInstance)) {
            return "its certificate has expired";
        }
        if (causes.stream().anyMatch(CertificateNotYetValidException.class::isInstance)) {
            return "its certificate is not valid yet";
        }
        if (text.startsWith("No name matching") || text.startsWith("No subject alternative")) {
            return "its certificate is for another host name";
        }
        return causes.stream()
                        .anyMatch(cause -> UNSIGNED.matcher(String.valueOf(cause.getMessage()))
                                .find())
                ? "nobody whom this machine trusts has signed its certificate"
                : "the handshake failed: " + distrusted.getClass().getSimpleName();
    }

    private static SSLContext credulous() throws IOException {
        try {
            var tls = SSLContext.getInstance("TLS");
            tls.init(null, new TrustManager[] {new Credulous()}, null);
            return tls;
        } catch (GeneralSecurityException thrown) {
            throw new IOException("there is no TLS here", thrown);
        }
    }

    /** Believes everything, for a look at what somebody shows; nothing is ever said to him. */
    private static final class Credulous extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
