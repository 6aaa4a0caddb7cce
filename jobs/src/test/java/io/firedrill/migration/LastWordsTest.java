package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LastWordsTest {
    private static final String TRACE = """
            Exception in thread "main" io.mongock.MongockException: it failed
                at io.mongock.Runner.run(Runner.java:1)
            Caused by: java.lang.IllegalStateException: first
            Caused by: java.lang.IllegalStateException: told to fail
                ... 7 more
            """;

    @Test
    void ofAStackTraceTheRootCauseIsTold() {
        assertThat(LastWords.of(1, "Started\n", TRACE))
                .isEqualTo("Caused by: java.lang.IllegalStateException: told to fail");
        assertThat(LastWords.of(1, TRACE, "")).contains("told to fail");
    }

    @Test
    void ofAnErrorTheLineThatNamesItIsTold() {
        assertThat(LastWords.of(1, "", "file.js:1\nError: no such\n    at f (file.js:1)\n\nNode.js v20\n"))
                .isEqualTo("Error: no such");
        assertThat(LastWords.of(1, "ERROR: Could not migrate up a.js: no\n    at x\n", ""))
                .startsWith("ERROR: Could not migrate up a.js");
        assertThat(LastWords.of(3, "one\n", "oh no\n\n")).isEqualTo("oh no");
    }

    @Test
    void ofWhatWentWellTheLastLineIsTold() {
        assertThat(LastWords.of(0, "Error: passed over\nMIGRATED UP: a.js\n", ""))
                .isEqualTo("MIGRATED UP: a.js");
        assertThat(LastWords.of(0, " \n", "")).isEqualTo("it said nothing");
        assertThat(LastWords.of(0, "x".repeat(1_000), "")).hasSize(300);
    }

    @Test
    void whoseDuplicateKeyItWasIsNotTold() {
        assertThat(LastWords.of(1, "", "MongoServerError: E11000 index: email_1 dup key: { email: \"ada@x.org\" }\n"))
                .isEqualTo("MongoServerError: E11000 index: email_1 dup key: {…}");
    }

    @Test
    void whatAValidatorFoundInADocumentIsNotTold() {
        assertThat(LastWords.of(
                        1,
                        "",
                        "Caused by: com.mongodb.MongoWriteException: WriteError{code=121, message='Document failed validation',"
                                + " details={failingDocumentId: 7, details: {consideredValue: 'ada@x.org'}}}.\n"))
                .endsWith("message='Document failed validation', details={…}")
                .doesNotContain("ada");
    }

    @Test
    void whatWouldHaveBeenWrittenByACommandThatIsNotAllowedIsNotTold() {
        String denied = "ERROR: Could not migrate up a.js: not authorized on shop to execute command ";
        assertThat(LastWords.of(1, denied + "{ insert: \"people\", documents: [ { email: \"ada@x.org\" } ] }\n", ""))
                .isEqualTo(denied + "{ insert: \"people\", …}");
        assertThat(LastWords.of(1, denied + "{ listCollections: 1, filter: { name: \"a\" } }\n", ""))
                .isEqualTo(denied + "{ listCollections: 1, …}");
    }

    @Test
    void ofAServerThatIsNotBelievedItIsToldWhy() {
        String why =
                "javax.net.ssl.SSLHandshakeException: (certificate_unknown) PKIX path building failed: unable to find valid certification path";
        assertThat(LastWords.of(
                        1,
                        "",
                        "Caused by: com.mongodb.MongoTimeoutException: Timed out while waiting for a server that matches X. Client view of cluster"
                                + " state is {type=UNKNOWN, servers=[{address=h:1, exception={com.mongodb.MongoSocketWriteException: Exception sending"
                                + " message}, caused by {%s}, caused by {sun.security.E: $1}}]\n".formatted(why)))
                .isEqualTo("Caused by: com.mongodb.MongoTimeoutException: no TLS with the server: " + why);
        assertThat(LastWords.of(1, "", "Caused by: x.MongoTimeoutException: Timed out while waiting for a server\n"))
                .endsWith("Timed out while waiting for a server");
    }
}
