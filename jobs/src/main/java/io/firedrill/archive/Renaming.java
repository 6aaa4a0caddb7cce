package io.firedrill.archive;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Namespace;
import java.util.Optional;

/** What collections are called in the target: {@code shop=copy}, {@code shop.orders=shop.orders2}, {@code a.x*=b.y*}. */
public final class Renaming {
    private final NamespacePattern from;
    private final NamespacePattern to;

    private Renaming(NamespacePattern from, NamespacePattern to) {
        this.from = from;
        this.to = to;
    }

    static Renaming parse(String text) {
        String[] sides = text.split("=", -1);
        if (sides.length != 2) {
            throw wrong(text, "has to be FROM=TO with one '=' in it");
        }
        requireNoBuckets(text, sides);
        NamespacePattern from = NamespacePattern.parse(sides[0]);
        NamespacePattern to = NamespacePattern.parse(sides[1]);
        if (sides[0].contains(".") != sides[1].contains(".")) {
            throw wrong(text, "has a database on one side and a collection on the other");
        }
        requireStars(text, from.database(), to.database());
        requireStars(text, from.collection(), to.collection());
        return new Renaming(from, to);
    }

    private static void requireNoBuckets(String text, String... sides) {
        for (String side : sides) {
            if (NamespacePattern.isBuckets(side.substring(side.indexOf('.') + 1))) {
                throw new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "--rename %s names the buckets of a time series".formatted(text.strip()),
                        "Rename the time series itself, without system.buckets: its buckets go with it.");
            }
        }
    }

    private static void requireStars(String text, NamePattern from, NamePattern to) {
        if (from.stars() > 1 || to.stars() > from.stars()) {
            throw wrong(text, "may have one '*' in a name, and one on the right only where the left has one");
        }
    }

    private static Failure wrong(String text, String rule) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "--rename '%s' %s".formatted(text.strip(), rule),
                "Give, for example, --rename shop=shop_copy or --rename shop.orders=shop.orders_copy.");
    }

    boolean matches(Namespace namespace) {
        return from.matches(namespace);
    }

    /** The new name of a collection; empty if this is not about it. */
    Optional<Namespace> of(Namespace owner) {
        return from.database()
                .rewrite(owner.database(), to.database().text())
                .flatMap(database -> from.collection()
                        .rewrite(owner.collection(), to.collection().text())
                        .map(collection -> TargetNames.checked(owner, database, collection)));
    }

    @Override
    public String toString() {
        return from + "=" + to;
    }
}
