package io.firedrill.storage;

import io.firedrill.failure.Failure;

/** Something that may pass if tried again, and the failure it becomes if it does not. */
final class TransientFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Failure failure;

    TransientFault(Failure failure) {
        super(failure.text(), failure);
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
