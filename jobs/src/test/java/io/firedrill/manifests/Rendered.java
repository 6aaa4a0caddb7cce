package io.firedrill.manifests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What our overlays render to, as "scripts/k8s record" wrote it down. */
final class Rendered {
    static final List<String> OVERLAYS = List.of("dev", "staging", "prod", "mongodb-replica-set", "workers");

    private Rendered() {}

    static String text(String overlay) {
        try (InputStream in = Rendered.class.getResourceAsStream("/k8s/" + overlay + ".yaml")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    static Examination examined(String text, String... declaredSecrets) {
        return new ManifestDoctor().examine(List.of(new ManifestSource("prod.yaml", text)), Set.of(declaredSecrets));
    }

    /** What is wrong but for what is still to be filled in. */
    static List<ManifestFinding> faults(String text, String... declaredSecrets) {
        return examined(text, declaredSecrets).faults().stream()
                .filter(finding -> finding.rule() != ManifestRule.PLACEHOLDER)
                .toList();
    }
}
