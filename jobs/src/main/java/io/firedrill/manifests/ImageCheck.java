package io.firedrill.manifests;

import java.util.Set;

/** Whether what runs tomorrow is what ran today. */
final class ImageCheck implements Check {
    private static final Set<String> MOVING =
            Set.of("latest", "main", "master", "dev", "develop", "edge", "nightly", "stable", "snapshot", "");

    @Override
    public void look(Resource resource, ResourceSet set, Findings findings) {
        resource.containers().forEach(container -> image(container.get("image"), findings));
    }

    private static void image(Field image, Findings findings) {
        String text = image.text().orElse("");
        String name = text.replaceFirst("@.*", "");
        String tag = tag(name);
        boolean digest = text.matches(".+@sha256:[0-9a-f]{64}");
        // The tag beside a digest is for people; it decides nothing.
        findings.addIf(
                !digest && MOVING.contains(tag),
                ManifestRule.IMAGE_TAG,
                image,
                tag.isEmpty() ? "'%s' has no tag".formatted(name) : "the tag is " + tag);
        findings.addIf(!digest, ManifestRule.IMAGE_DIGEST, image, "'%s' has no digest".formatted(text));
    }

    /** What stands behind a colon, unless that is a registry's port. */
    private static String tag(String name) {
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(colon + 1) : "";
    }
}
