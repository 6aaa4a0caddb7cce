package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** What these documents tell a person to type is what the program takes: each option, each command, each argument. */
class DocumentedCommandsTest {
    static final List<String> DOCUMENTS = List.of("STRATEGY.md", "CUTOVER.md", "SECRETS.md", "OPERATIONS.md");

    private static final Pattern BLOCK = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern INLINE = Pattern.compile("`(firedrill [a-z][^`]*)`");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+)");

    /** What is to be typed, line by line. */
    private static List<String> typed(String text) {
        return BLOCK.matcher(text)
                .results()
                .flatMap(block -> block.group(1).replace("\\\n", " ").lines())
                .map(line -> line.replaceFirst("\\s#.*", "").strip())
                .filter(line -> line.startsWith("firedrill "))
                .map(line -> line.replaceFirst("\\s[|>].*", ""))
                .toList();
    }

    /** What is spoken of: its arguments may be left out. */
    private static List<String> named(String text) {
        return INLINE.matcher(BLOCK.matcher(text).replaceAll(""))
                .results()
                .map(found -> found.group(1).replaceAll("\\s+", " "))
                .filter(line -> !line.contains("…") && !line.matches(".*[|*].*"))
                .toList();
    }

    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(command.substring("firedrill ".length()));
        while (matcher.find()) {
            words.add(Stream.of(matcher.group(1), matcher.group(2), matcher.group(3))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseThrow());
        }
        return words;
    }

    @ParameterizedTest
    @FieldSource("DOCUMENTS")
    void everyCommandInADocumentCanBeTypedSo(String document) throws IOException {
        String text = Files.readString(Documents.ROOT.resolve("docs").resolve(document));
        assertThat(typed(text)).hasSizeGreaterThan(2);
        List<String> wrong = new ArrayList<>();
        typed(text).forEach(command -> complaint(command, false).ifPresent(wrong::add));
        named(text).forEach(command -> complaint(command, true).ifPresent(wrong::add));
        assertThat(wrong).isEmpty();
    }

    private static Optional<String> complaint(String command, boolean spokenOf) {
        try {
            new Firedrill(new Call(Path.of(".")).surroundings())
                    .parse(words(command).toArray(String[]::new));
            return Optional.empty();
        } catch (MissingParameterException missing) {
            return spokenOf ? Optional.empty() : Optional.of(command + ": " + missing.getMessage());
        } catch (ParameterException wrong) {
            return Optional.of(command + ": " + wrong.getMessage());
        }
    }

    @Test
    void aCommandThatThereIsNotIsFound() {
        var program = new Firedrill(new Call(Path.of(".")).surroundings());
        assertThatCode(() -> program.parse("restore", "--at-once")).hasMessageContaining("--at-once");
    }
}
