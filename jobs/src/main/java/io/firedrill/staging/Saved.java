package io.firedrill.staging;

import java.nio.file.Path;

/**
 * The files that a staging server had at one moment. They lie in its folder, and go with it.
 *
 * @param number in the order of saving, from 1
 * @param path where they lie
 * @param bytes of them; where the file system shares blocks, on the disk they take less
 */
public record Saved(int number, Path path, long bytes) {}
