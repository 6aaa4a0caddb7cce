package io.firedrill.mongo;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Shows the client certificate that its file holds when a connection begins. */
final class FreshKeys extends X509ExtendedKeyManager {
    /** Handshakes that may be under way at once. */
    private static final int KEPT = 64;

    private final Reread<PemFile> file;
    private final AtomicLong last = new AtomicLong();
    private final Map<String, PemFile> shown = new ConcurrentHashMap<>();

    FreshKeys(Reread<PemFile> file) {
        this.file = file;
    }

    /** Chain and key are asked for one after the other, and have to be of one reading. */
    private String choose() {
        long number = last.incrementAndGet();
        shown.remove(Long.toString(number - KEPT));
        String alias = Long.toString(number);
        shown.put(alias, file.now());
        return alias;
    }

    @Override
    public String chooseClientAlias(String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose();
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose();
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        PemFile found = shown.get(alias);
        return found == null ? null : found.chain();
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        PemFile found = shown.get(alias);
        return found == null ? null : found.key().orElseThrow();
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
