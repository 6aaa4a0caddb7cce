package io.firedrill.manifests;

import java.util.ArrayList;
import java.util.List;

/** What the checks find in one resource. */
final class Findings {
    private final Resource resource;
    private final List<ManifestFinding> found = new ArrayList<>();

    Findings(Resource resource) {
        this.resource = resource;
    }

    void add(ManifestRule rule, Field at, String detail) {
        Field waiver = resource.waivers().get(rule.id());
        String reason = waiver == null ? "" : waiver.text().orElse("").strip();
        found.add(new ManifestFinding(
                rule, resource.file(), resource.document(), at.line(), resource.title(), at.path(), detail, reason));
    }

    void addIf(boolean wrong, ManifestRule rule, Field at, String detail) {
        if (wrong) {
            add(rule, at, detail);
        }
    }

    /** For a field that has to say one thing, and says another or nothing. */
    void require(Field field, String value, ManifestRule rule) {
        addIf(!field.is(value), rule, field, field.text().map("is "::concat).orElse("is missing") + ", not " + value);
    }

    /** For a field that has to be there. */
    void require(Field field, ManifestRule rule) {
        addIf(!field.isPresent(), rule, field, "is missing");
    }

    List<ManifestFinding> found() {
        return found;
    }
}
