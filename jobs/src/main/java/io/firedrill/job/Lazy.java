package io.firedrill.job;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Made once, when first asked for: a step may be the first to ask, or one after it when a restart begins there. */
final class Lazy<T> {
    private final Supplier<T> make;
    private @Nullable T made;

    Lazy(Supplier<T> make) {
        this.make = make;
    }

    synchronized T get() {
        T value = made;
        if (value == null) {
            value = make.get();
            made = value;
        }
        return value;
    }
}
