package io.firedrill.storage;

/** What a listing tells about an object. */
public record ObjectInfo(ObjectKey key, long bytes) {}
