package io.firedrill.runner;

/** Opens the operations for one command; the only call behind which Spring may be loaded. */
@FunctionalInterface
interface OperationsFactory {
    Operations open(RunContext context);
}
