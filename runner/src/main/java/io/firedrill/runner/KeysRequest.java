package io.firedrill.runner;

/**
 * What to do with the data keys of a source.
 *
 * @param rewrap wrap them for the present recipients; else they are only listed
 * @param dropOlder delete the generations that this replaces
 */
record KeysRequest(boolean rewrap, boolean dropOlder, boolean dryRun) {
    static final KeysRequest LIST = new KeysRequest(false, false, false);
}
