package io.firedrill.oplog;

/**
 * How far a range may differ from what was read of it and still be stored as a delta.
 *
 * @param share of the base's documents that may be new, changed or gone; nothing of a base means no delta at all
 * @param bytesMin raw bytes of a base that a delta is worth while for: a smaller one is read in no time
 * @param idsMax of all ranges together: their ids lie in memory, and in the parts
 */
public record DeltaLimits(double share, long bytesMin, long idsMax) {
    /**
     * Looking up a document by its {@code _id} costs a server about as much as reading ten in a row: at a twentieth a
     * delta still takes half the time, and the next one will hold more.
     */
    public static final DeltaLimits DEFAULT = new DeltaLimits(0.05, 1 << 20, 250_000);

    public static final DeltaLimits NONE = new DeltaLimits(0, 0, 0);
}
