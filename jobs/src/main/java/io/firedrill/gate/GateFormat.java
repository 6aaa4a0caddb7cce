package io.firedrill.gate;

/** The reports that are understood, by the names their tools have. */
public enum GateFormat {
    /** {@code <testsuite>} or {@code <testsuites>}, as Surefire, pytest, Jest and many others write it. */
    JUNIT("junit"),
    /** {@code <report>} of JaCoCo. */
    JACOCO("jacoco"),
    /** {@code <coverage>} of Cobertura, which coverage.py and coverlet write too. */
    COBERTURA("cobertura"),
    /** The tracefile of lcov, {@code lcov.info}. */
    LCOV("lcov"),
    /** Static analysis results, SARIF 2.1.0. */
    SARIF("sarif");

    private final String word;

    GateFormat(String word) {
        this.word = word;
    }

    /** The name in records and output. */
    public String word() {
        return word;
    }

    boolean isCoverage() {
        return this == JACOCO || this == COBERTURA || this == LCOV;
    }
}
