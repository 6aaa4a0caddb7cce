package io.firedrill.runner;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Asks whether the operator means this replica set, which is about to be written to. */
@FunctionalInterface
interface Confirmation {
    boolean confirms(String setName);

    /** The name given with {@code --confirm} decides; without one, the name typed at the prompt, if there is one. */
    static Confirmation of(Optional<String> flag, Confirmation prompt) {
        return setName -> flag.map(setName::equals).orElseGet(() -> prompt.confirms(setName));
    }

    /** Nobody is there to ask, so the answer is no. */
    static Confirmation unattended() {
        return setName -> false;
    }

    /** Has the set's name typed: a "y" comes too easily at three in the morning. */
    static Confirmation typed(BufferedReader answers, PrintStream questions) {
        return setName -> {
            questions.print("About to write to replica set " + setName + ". Type its name to go on: ");
            questions.flush();
            try {
                String answer = answers.readLine();
                return answer != null && answer.strip().equals(setName);
            } catch (IOException thrown) {
                throw new UncheckedIOException("cannot read the answer", thrown);
            }
        };
    }
}
