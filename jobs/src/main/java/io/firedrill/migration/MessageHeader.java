package io.firedrill.migration;

/**
 * What every message of MongoDB's wire protocol begins with.
 *
 * @param length of the whole message in bytes, this header included
 * @param responseTo the request that a reply is for
 */
record MessageHeader(int length, int requestId, int responseTo, int opCode) {
    static final int BYTES = 16;

    static final int OP_QUERY = 2004;
    static final int OP_COMPRESSED = 2012;
    static final int OP_MSG = 2013;
}
