package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.Dispatch.Report;
import java.util.Optional;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;

/** Reports of workers as messages. */
final class UnitReports {
    private UnitReports() {}

    static String write(Report report) {
        var document = new BsonDocument("execution", new BsonInt64(report.execution()))
                .append("worker", new BsonString(report.worker()))
                .append("ended", BsonBoolean.valueOf(report.ended()))
                .append("result", new BsonString(report.result()))
                .append("bytes", new BsonInt64(report.bytes()));
        report.failure().ifPresent(thrown -> {
            document.append("failure", new BsonString(String.valueOf(thrown.getMessage())));
            Failure.in(thrown)
                    .ifPresent(failure -> document.append(
                                    "kind", new BsonString(failure.kind().name()))
                            .append("failure", new BsonString(failure.text()))
                            .append("hint", new BsonString(failure.hint())));
        });
        return document.toJson();
    }

    static Report read(String message) {
        BsonDocument document = BsonDocument.parse(message);
        return new Report(
                document.getNumber("execution").longValue(),
                text(document, "worker"),
                document.getBoolean("ended").getValue(),
                text(document, "result"),
                document.getNumber("bytes").longValue(),
                document.containsKey("failure") ? Optional.of(thrown(document)) : Optional.empty());
    }

    private static RuntimeException thrown(BsonDocument document) {
        String words = text(document, "failure");
        return document.containsKey("kind")
                ? new Failure(
                        FailureKind.valueOf(text(document, "kind")),
                        "worker %s: %s".formatted(text(document, "worker"), words),
                        text(document, "hint"))
                : new IllegalStateException(words);
    }

    private static String text(BsonDocument document, String name) {
        return document.getString(name).getValue();
    }
}
