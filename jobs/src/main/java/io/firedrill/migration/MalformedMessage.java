package io.firedrill.migration;

import org.bson.BSONException;

/** A message contradicts the wire protocol; its text has numbers only, and nothing of what was in it. */
final class MalformedMessage extends BSONException {
    private static final long serialVersionUID = 1L;

    MalformedMessage(String what) {
        super(what);
    }
}
