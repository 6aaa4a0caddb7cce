package io.firedrill.runner;

import io.firedrill.doctor.Check;
import io.firedrill.doctor.Findings;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the secrets are where the settings say, and hidden from others. What is in them is never told. */
final class SecretsCheck {
    private final Map<Setting, Given> given;
    private final Settings settings;
    private final Findings findings;

    SecretsCheck(Map<Setting, Given> given, Settings settings, Findings findings) {
        this.given = given;
        this.settings = settings;
        this.findings = findings;
    }

    /** Looks. False where the keys of backups cannot be used. */
    boolean look() {
        List<Path> open = mounted().stream().filter(KeyFiles::isOpenToAll).toList();
        if (!open.isEmpty()) {
            findings.warn(
                    Check.SECRETS,
                    FailureKind.CONFIGURATION_INVALID,
                    "everybody on this machine may read %s"
                            .formatted(String.join(
                                    ", ", open.stream().map(Path::toString).toList())),
                    "Run chmod o-rwx on it; in Kubernetes, mount the secret with defaultMode 0440.");
        }
        boolean keys = areKeysUsable();
        if (open.isEmpty() && keys) {
            findings.ok(Check.SECRETS, count() + " there, readable, and hidden from others");
        }
        return keys;
    }

    private String count() {
        long set = Setting.all().stream()
                .filter(Setting::secret)
                .filter(setting -> shown(setting) != null)
                .count();
        int keys = settings.privateKeys().size() + (settings.storeKey() == null ? 0 : 1);
        return Figures.count(set + keys, "secret");
    }

    /** Files that hold a secret by themselves, of those that a run would not refuse. */
    private List<Path> mounted() {
        List<Path> files = new ArrayList<>();
        for (Setting secret : Setting.all()) {
            if (secret.secret()) {
                secret.inFile()
                        .flatMap(file -> Optional.ofNullable(shown(file)))
                        .ifPresent(file -> files.add(Path.of(file)));
            }
        }
        return files;
    }

    private @Nullable String shown(Setting setting) {
        Given each = given.get(setting);
        return each == null ? null : each.text();
    }

    private boolean areKeysUsable() {
        try {
            var _ = KeyFiles.read(settings);
            return true;
        } catch (Failure failure) {
            findings.fail(Check.SECRETS, failure);
            return false;
        }
    }
}
