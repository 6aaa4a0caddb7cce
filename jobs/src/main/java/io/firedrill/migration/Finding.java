package io.firedrill.migration;

/**
 * Something in the code, or in what the rows say of it, that has hurt others.
 *
 * @param detail what was seen, and where: lower-case, without a full stop
 */
public record Finding(LintRule rule, String detail) {}
