package io.firedrill.migration;

import io.firedrill.mongo.Deployment;

/** The copy on which migrations are rehearsed: a replica set of our own that can be put back to where it was. */
public interface RehearsalStage {
    /** Of a user who may do what a migration does; it leads to this server only. */
    String uri();

    /** Where it listens on this machine. */
    int port();

    /** The server, as its owner sees it. It stays usable when the stage is put back. */
    Deployment deployment();

    /** Keeps everything as it is now. */
    Kept keep();

    /** A state of the whole server that was kept. */
    interface Kept {
        /** Puts everything back to it, byte for byte. */
        void putBack();

        /** A second server on a copy of it, to look up what was. */
        Shelf open();
    }

    /** A server that shows a kept state until it is closed. */
    interface Shelf extends AutoCloseable {
        Deployment deployment();

        @Override
        void close();
    }
}
