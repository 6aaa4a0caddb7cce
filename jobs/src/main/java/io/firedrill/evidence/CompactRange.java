package io.firedrill.evidence;

import java.util.ArrayList;
import java.util.List;

/**
 * The right edge of an RFC 6962 Merkle tree: the roots of its full subtrees, the largest first. It is all that is needed to
 * add leaves and to tell the root, however many leaves there are.
 */
record CompactRange(long size, List<byte[]> subtrees) {
    static final CompactRange EMPTY = new CompactRange(0, List.of());

    private static final byte[] LEAF = {0};
    private static final byte[] NODE = {1};

    CompactRange {
        if (size < 0 || subtrees.size() != Long.bitCount(size)) {
            throw new IllegalArgumentException(
                    "a tree of %d leaves has no edge of %d".formatted(size, subtrees.size()));
        }
        subtrees = List.copyOf(subtrees);
    }

    static byte[] leaf(byte[] payload) {
        return Hashes.sha256(LEAF, payload);
    }

    /** The tree with one more leaf, given by its hash. */
    CompactRange with(byte[] leaf) {
        var edge = new ArrayList<>(subtrees);
        byte[] last = leaf;
        for (long full = size; (full & 1) == 1; full >>= 1) {
            last = Hashes.sha256(NODE, edge.removeLast(), last);
        }
        edge.add(last);
        return new CompactRange(size + 1, edge);
    }

    byte[] root() {
        if (subtrees.isEmpty()) {
            return Hashes.sha256();
        }
        byte[] root = subtrees.getLast();
        for (int i = subtrees.size() - 2; i >= 0; i--) {
            root = Hashes.sha256(NODE, subtrees.get(i), root);
        }
        return root;
    }

    String rootHex() {
        return Hashes.hex(root());
    }
}
