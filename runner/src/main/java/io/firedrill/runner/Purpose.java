package io.firedrill.runner;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What somebody means to run: the doctor looks at what that needs. */
enum Purpose {
    BACKUP,
    ARCHIVE,
    DRILL,
    RESTORE,
    PRUNE,
    MIGRATIONS,
    MIGRATIONS_APPLY;

    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Purpose> of(String id) {
        return Arrays.stream(values()).filter(each -> each.id().equals(id)).findFirst();
    }

    /** Whether it works on a database's migrations. */
    boolean isOfMigrations() {
        return this == MIGRATIONS || this == MIGRATIONS_APPLY;
    }

    boolean needsSource() {
        return this == BACKUP || this == ARCHIVE || isOfMigrations();
    }

    boolean needsStaging() {
        return this == DRILL || this == RESTORE;
    }

    /** Whether workers can take units of it. */
    boolean isSpread() {
        return this == BACKUP || needsStaging();
    }

    /** Whether a job repository says how far it is. */
    boolean needsRepository() {
        return isSpread() || this == PRUNE;
    }

    /** All that the settings make possible; migrations, whose database no setting names, are left out. */
    static Set<Purpose> possible(Settings settings) {
        Set<Purpose> possible = EnumSet.noneOf(Purpose.class);
        if (settings.store() != null) {
            possible.add(PRUNE);
            if (settings.sourceUri() != null) {
                possible.addAll(Set.of(BACKUP, ARCHIVE));
            }
            if (settings.stagingUri() != null) {
                possible.add(DRILL);
            }
        }
        return possible;
    }
}
