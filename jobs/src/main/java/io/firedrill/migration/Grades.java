package io.firedrill.migration;

import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.OfProperty;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What is known of one change, property by property: not tested until something else is said. */
final class Grades {
    private final Map<Property, OfProperty> grades = new EnumMap<>(Property.class);
    private final Function<Property, Optional<String>> accepted;

    /**
     * @param accepted why a property may fail, if anybody said so
     */
    Grades(Function<Property, Optional<String>> accepted) {
        this.accepted = accepted;
    }

    void proven(Property property, String seen) {
        set(property, Grade.PROVEN, seen, List.of());
    }

    void failed(Property property, String seen, List<String> differences) {
        Optional<String> reason = accepted.apply(property);
        if (reason.isPresent()) {
            set(property, Grade.ACCEPTED, "%s; accepted: %s".formatted(seen, reason.get()), differences);
        } else {
            set(property, Grade.FAILED, seen, differences);
        }
    }

    void untested(Property property, String why) {
        set(property, Grade.NOT_TESTED, why, List.of());
    }

    /** Of everything of which nothing has been said. */
    void untested(String why) {
        Arrays.stream(Property.values())
                .filter(each -> !grades.containsKey(each))
                .forEach(each -> untested(each, why));
    }

    /** Of a change that wrote nothing, what was proven by comparing was not. */
    void doubt(Property property) {
        if (isProven(property)) {
            untested(property, "it wrote nothing on this backup, so there was nothing to compare");
        }
    }

    boolean isProven(Property property) {
        OfProperty found = grades.get(property);
        return found != null && found.grade() == Grade.PROVEN;
    }

    List<OfProperty> all() {
        return List.copyOf(grades.values());
    }

    private void set(Property property, Grade grade, String detail, List<String> differences) {
        grades.put(property, new OfProperty(property.name(), grade, detail, differences));
    }
}
