package io.firedrill.evidence;

/** What a run found of one collection or view; {@code kind} is "collection" or "view". */
public record CollectionFact(
        String namespace,
        String kind,
        long documents,
        long bytesRaw,
        int segments,
        int segmentsEqual,
        int indexes,
        String digest,
        Check.Result result) {}
