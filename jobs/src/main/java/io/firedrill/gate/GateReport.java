package io.firedrill.gate;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;

/**
 * One report, as it was read.
 *
 * @param name the path as it was given
 * @param sha256 of its bytes
 * @param writtenAt when the file was last changed
 */
public record GateReport(
        String name, GateFormat format, String sha256, long bytes, Instant writtenAt, GateFigures figures) {
    /** A report is held in memory; that of a large build has some ten megabytes. */
    private static final int BYTES_MAX = 256 << 20;

    /** Reads a report and finds out what it is; one that is not whole is refused. */
    public static GateReport read(Path file, String name) {
        byte[] bytes;
        Instant writtenAt;
        try (InputStream in = Files.newInputStream(file)) {
            writtenAt = Files.getLastModifiedTime(file).toInstant();
            bytes = in.readNBytes(BYTES_MAX + 1);
        } catch (IOException thrown) {
            throw broken(name, "cannot be read (%s)".formatted(thrown.getClass().getSimpleName()));
        }
        if (bytes.length > BYTES_MAX) {
            throw broken(name, "has more than 256 MiB");
        }
        return of(name, bytes, writtenAt);
    }

    static GateReport of(String name, byte[] bytes, Instant writtenAt) {
        try {
            Counted counted = counted(bytes);
            return new GateReport(
                    name,
                    counted.format(),
                    HexFormat.of().formatHex(Sha256.begin().digest(bytes)),
                    bytes.length,
                    writtenAt,
                    counted.figures());
        } catch (NotAReport not) {
            throw broken(name, not.why());
        }
    }

    /** What a report is, and what it counts. */
    record Counted(GateFormat format, GateFigures figures) {}

    private static Counted counted(byte[] bytes) throws NotAReport {
        return switch (firstOf(bytes)) {
            case '<' -> XmlReports.read(bytes);
            case '{' -> new Counted(GateFormat.SARIF, SarifReport.read(bytes));
            case 0 -> throw new NotAReport("is empty");
            default -> new Counted(GateFormat.LCOV, LcovReport.read(new String(bytes, StandardCharsets.UTF_8)));
        };
    }

    /** The first character that says something; a byte order mark does not. */
    private static char firstOf(byte[] bytes) {
        String begun = new String(bytes, 0, Math.min(bytes.length, 256), StandardCharsets.UTF_8);
        String said = begun.replace("\uFEFF", "").strip();
        return said.isEmpty() ? 0 : said.charAt(0);
    }

    private static Failure broken(String name, String why) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "the report %s %s".formatted(name, why),
                "Give files that the build has written to the end: JUnit, JaCoCo or Cobertura XML, lcov.info, SARIF 2.1.0.");
    }
}
