package io.firedrill.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.http.ContentStreamProvider;

/** The streams that one put opened: the SDK may read the content more than once, and does not always close it. */
final class OpenedContent implements ContentStreamProvider, AutoCloseable {
    private final Content content;
    private final List<InputStream> streams = new ArrayList<>();

    OpenedContent(Content content) {
        this.content = content;
    }

    @Override
    public InputStream newStream() {
        var stream = content.open();
        streams.add(stream);
        return stream;
    }

    @Override
    public void close() {
        for (InputStream stream : streams) {
            try {
                stream.close();
            } catch (IOException e) {
                // What was to be read has been read, or the put failed for a better reason.
            }
        }
    }
}
