package io.firedrill.mongo;

/** Takes one raw document out of a buffer that is valid during the call only. */
@FunctionalInterface
public interface DocumentConsumer {
    void accept(byte[] bytes, int offset, int length);
}
