package io.firedrill.migration;

import java.io.IOException;
import java.io.OutputStream;

/** What a process reads on its standard input: of all that it can be told only this is on no disk and in no list. */
@FunctionalInterface
interface PipedInput {
    void write(OutputStream to) throws IOException;
}
