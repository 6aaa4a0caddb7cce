package io.firedrill.storage;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/** The S3 client, built when it is first needed: that takes the better part of a second. */
final class LazyClient implements Supplier<S3Client>, AutoCloseable {
    private final Supplier<S3Client> build;
    private @Nullable S3Client client;

    LazyClient(Supplier<S3Client> build) {
        this.build = build;
    }

    @Override
    public synchronized S3Client get() {
        if (client == null) {
            client = build.get();
        }
        return client;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
