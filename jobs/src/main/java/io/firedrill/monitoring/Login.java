package io.firedrill.monitoring;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Who sends, for a server that asks. */
public record Login(String user, String password) {
    /** As a web server takes it. */
    String header() {
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    @Override
    public String toString() {
        return user;
    }
}
