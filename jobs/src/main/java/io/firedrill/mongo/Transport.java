package io.firedrill.mongo;

import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How a connection string wants to be reached.
 *
 * @param hosts as {@code host:port}
 * @param setName of the replica set that it names, if it does
 * @param verified whether the names in certificates are compared
 * @param files what TLS goes by, where the string names files of certificates; else what this machine trusts
 */
public record Transport(
        List<String> hosts, Optional<String> setName, boolean tls, boolean verified, Optional<SSLContext> files) {}
