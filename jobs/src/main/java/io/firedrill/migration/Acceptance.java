package io.firedrill.migration;

import java.util.Optional;

/**
 * That a property may fail: what is known, and is kept from doing harm in another way, need not hold a release up. It is tried all the
 * same, and the record tells both.
 *
 * @param change id of the change; empty: of all
 * @param reason in somebody's words
 */
public record Acceptance(Optional<String> change, Property property, String reason) {
    boolean covers(Change of, Property failed) {
        return property == failed && change.map(of.id()::equals).orElse(true);
    }
}
