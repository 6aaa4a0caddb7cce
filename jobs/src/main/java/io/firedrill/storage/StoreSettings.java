package io.firedrill.storage;

import java.util.Optional;

/** Where a store is: {@code s3://bucket/prefix} or {@code file:///dir}; never with what credentials. */
public record StoreSettings(String url, Optional<String> s3Endpoint, Optional<String> s3Region) {}
