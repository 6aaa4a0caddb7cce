package io.firedrill.runner;

import io.firedrill.runner.SecretContract.Entry;
import io.firedrill.runner.SecretContract.Kind;
import io.firedrill.runner.SecretsResult.Line;
import io.firedrill.runner.SecretsResult.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks for each secret of the contract: whether it is there, since when, and who may read it. What it says is nobody's business. */
final class SecretsLook {
    private final Map<Setting, Given> given;
    private final Function<String, String> environment;
    private final Function<Path, Path> resolve;
    private final Instant now;
    private final Map<String, LocalDate> rotated;

    /**
     * @param given settings as they were given, secrets not yet read from their files
     * @param environment a variable of it; empty if it is not set
     * @param rotated when somebody says that a secret was exchanged last
     */
    SecretsLook(
            Map<Setting, Given> given,
            Function<String, String> environment,
            Function<Path, Path> resolve,
            Instant now,
            Map<String, LocalDate> rotated) {
        this.given = given;
        this.environment = environment;
        this.resolve = resolve;
        this.now = now;
        this.rotated = rotated;
    }

    /** Where a secret is. */
    private record Place(String words, List<Path> files) {}

    /** @param purposes what is to be run: what that needs has to be there */
    Line look(Entry entry, List<String> purposes) {
        Optional<Place> place = place(entry);
        if (place.isEmpty()) {
            boolean needed = purposes.stream().anyMatch(entry.required()::contains);
            return needed
                    ? line(
                            entry,
                            State.FAIL,
                            "",
                            null,
                            "not set",
                            "Set it, or %s_FILE to a file that holds it.".formatted(entry.name()))
                    : line(entry, State.NOT_SET, "", null, "not set", "");
        }
        return judged(entry, place.get());
    }

    private Line judged(Entry entry, Place place) {
        @Nullable Long age = age(entry, place.files());
        long days = age == null ? 0 : age;
        Optional<Path> gone =
                place.files().stream().filter(file -> !isThere(file)).findFirst();
        if (gone.isPresent()) {
            return line(
                    entry,
                    State.FAIL,
                    place.words(),
                    null,
                    "%s is missing, empty, or not to be read by this user".formatted(gone.get()),
                    "Mount it there: in Kubernetes from %s, out of the vault's %s."
                            .formatted(entry.kubernetes(), entry.vault()));
        }
        Optional<Path> open =
                place.files().stream().filter(KeyFiles::isOpenToAll).findFirst();
        if (open.isPresent()) {
            return line(
                    entry,
                    State.WARN,
                    place.words(),
                    age,
                    "everybody on this machine may read %s".formatted(open.get()),
                    "Run chmod o-rwx on it; in Kubernetes, mount the secret with defaultMode 0440.");
        }
        if (entry.rotation().filter(max -> days > max.toDays()).isPresent()) {
            return line(
                    entry,
                    State.WARN,
                    place.words(),
                    age,
                    "%d days old".formatted(days),
                    "Exchange it as docs/SECRETS.md tells, and say so with --rotated %s=DATE where a file's time does not."
                            .formatted(entry.name()));
        }
        return line(
                entry,
                State.OK,
                place.words(),
                age,
                age == null ? "its age is not known: --rotated %s=DATE says it".formatted(entry.name()) : "",
                "");
    }

    private static Line line(Entry entry, State state, String where, @Nullable Long age, String seen, String hint) {
        return new Line(
                entry.name(),
                state.name(),
                entry.purpose(),
                where,
                age,
                entry.rotation().map(Duration::toDays).orElse(null),
                entry.readers(),
                entry.kubernetes(),
                entry.vault(),
                seen,
                hint,
                entry.lost());
    }

    private Optional<Place> place(Entry entry) {
        if (entry.kind() == Kind.AWS) {
            return environment.apply(entry.name()).isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Place("environment variable " + entry.name(), List.of()));
        }
        Setting setting = Setting.all().stream()
                .filter(each -> each.environment().equals(entry.name()))
                .findFirst()
                .orElseThrow();
        Optional<Given> direct = set(setting);
        if (entry.kind() == Kind.FILE) {
            return direct.map(found -> new Place(String.valueOf(found.text()), files(String.valueOf(found.text()))));
        }
        return direct.map(found -> new Place(found.origin().text(), List.of()))
                .or(() -> setting.inFile().flatMap(this::set).map(found -> {
                    String file = String.valueOf(found.text());
                    return new Place(file, files(file));
                }));
    }

    private Optional<Given> set(Setting setting) {
        return Optional.ofNullable(given.get(setting)).filter(each -> each.text() != null);
    }

    /** A key that a service keeps is no file. */
    private List<Path> files(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(each -> !each.startsWith(KeyFiles.AWS_KMS))
                .map(each -> resolve.apply(Path.of(each)))
                .toList();
    }

    private static boolean isThere(Path file) {
        try {
            return Files.isReadable(file) && Files.size(file) > 0;
        } catch (IOException _) {
            return false;
        }
    }

    /** What somebody says goes before what files tell: a mounted file is as old as its pod. */
    private @Nullable Long age(Entry entry, List<Path> files) {
        LocalDate said = rotated.get(entry.name());
        if (said != null) {
            return Duration.between(said.atStartOfDay(ZoneOffset.UTC).toInstant(), now)
                    .toDays();
        }
        return files.stream()
                .flatMap(SecretsLook::written)
                .map(at -> Duration.between(at, now).toDays())
                .max(Long::compare)
                .orElse(null);
    }

    private static Stream<Instant> written(Path file) {
        try {
            return Stream.of(Files.getLastModifiedTime(file).toInstant());
        } catch (IOException _) {
            return Stream.empty();
        }
    }
}
