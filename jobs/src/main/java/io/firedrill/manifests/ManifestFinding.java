package io.firedrill.manifests;

/**
 * Something that a rule does not allow.
 *
 * @param file where it stands, as the file was named; {@code -} is standard input
 * @param document in which of the file's documents, from 1
 * @param line in which line of the file, from 1; of what is missing, the line of what it is missing in
 * @param object the resource, such as {@code CronJob firedrill/backup}
 * @param path the field, such as {@code spec.template.spec.containers[0].image}
 * @param detail what was found there; never a secret
 * @param waived why the resource's owner lets it stand, or nothing
 */
public record ManifestFinding(
        ManifestRule rule,
        String file,
        int document,
        int line,
        String object,
        String path,
        String detail,
        String waived) {
    /** Whether it stands by the will of the resource's owner. */
    public boolean isWaived() {
        return !waived.isEmpty();
    }
}
