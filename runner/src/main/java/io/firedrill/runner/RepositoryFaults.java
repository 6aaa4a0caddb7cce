package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What a database says when it cannot be the job repository, by SQL's own classes of states. */
final class RepositoryFaults {
    private static final int H2_OPEN_ELSEWHERE = 90020;

    private RepositoryFaults() {}

    /** What was wrong, if it was the database; the address holds no password. */
    static Optional<Failure> of(Throwable thrown, Settings settings) {
        return Stream.<Throwable>iterate(thrown, Objects::nonNull, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .flatMap(refused -> of(refused, settings).stream())
                .findFirst();
    }

    private static Optional<Failure> of(SQLException refused, Settings settings) {
        if (refused.getErrorCode() == H2_OPEN_ELSEWHERE) {
            return Optional.of(new Failure(
                    FailureKind.LOCK_HELD,
                    "the job repository in %s is open in another process".formatted(settings.stateDir()),
                    "That process lost its lease but still lives: stop it, or let it wake up and end, then try again.",
                    refused));
        }
        if (settings.jobRepositoryUrl() == null || refused.getSQLState() == null) {
            return Optional.empty();
        }
        String address = address(settings.jobRepositoryUrl());
        return switch (refused.getSQLState()
                .substring(0, Math.min(2, refused.getSQLState().length()))) {
            case "08", "57" ->
                Optional.of(new Failure(
                        FailureKind.DEPENDENCY_UNAVAILABLE,
                        "the job repository %s does not answer".formatted(address),
                        "Check job-repository-url and that the database runs; then start this again: it goes on with what is missing.",
                        refused));
            case "28", "42" ->
                Optional.of(new Failure(
                        FailureKind.ACCESS_DENIED,
                        "the job repository %s refuses us as user '%s' (SQL state %s)"
                                .formatted(address, settings.jobRepositoryUser(), refused.getSQLState()),
                        "Check job-repository-user and its password, and that the user may make tables in that database.",
                        refused));
            case "3D" ->
                Optional.of(new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "the job repository %s is no database of that server".formatted(address),
                        "Create the database, or correct job-repository-url.",
                        refused));
            default -> Optional.empty();
        };
    }

    /** Where a database is; what stands behind it is of no use in a message. */
    static String address(String url) {
        return url.replaceFirst("[?].*", "");
    }
}
