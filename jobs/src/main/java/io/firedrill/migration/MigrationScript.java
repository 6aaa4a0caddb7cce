package io.firedrill.migration;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a migration file exports, as far as its text tells: it is neither run nor parsed in full, and what cannot be told
 * is said to be unknown.
 */
final class MigrationScript {
    /** What makes a file export what does not stand in it. */
    private static final Pattern ELSEWHERE = Pattern.compile(
            "\\.\\.\\.|module\\.exports\\s*=\\s*+(?!\\{)|export\\s*\\*|Object\\.assign|export\\s+default\\s++(?!\\{)");

    /** The module by which Node starts programs, as it is required or imported: its name stands in a string. */
    private static final Pattern PROCESSES =
            Pattern.compile("(?:\\brequire\\s*\\(|\\bimport\\s*\\(?|\\bfrom)\\s*(['\"`])(?:node:)?child_process\\1");

    private final String text;
    private final String code;

    MigrationScript(String text) {
        this.text = text;
        this.code = JavaScriptText.codeOf(text);
    }

    /** Whether it gets the means to start programs; a comment that says so counts too. */
    boolean startsProcesses() {
        return PROCESSES.matcher(text).find();
    }

    /** Whether it exports a function of this name, and whether that does anything. */
    Rollback function(String name) {
        if (!Pattern.compile("\\b" + name + "\\b").matcher(code).find()) {
            return ELSEWHERE.matcher(code).find() ? Rollback.UNKNOWN : Rollback.NONE;
        }
        // up(db) {…}, function up(db) {…}, up: async (db) => {…}, exports.up = async function (db) {…}, up = db => …
        Matcher head = Pattern.compile(
                        "\\b" + name
                                + "\\s*(?:[:=]\\s*)?(?:async\\b\\s*)?(?:function\\b\\s*\\*?\\s*\\w*\\s*)?(?<params>\\(|[\\w$]+\\s*=>)")
                .matcher(code);
        while (head.find()) {
            int after = head.group("params").equals("(") ? closing(head.end() - 1) : head.end() - 2;
            Optional<Rollback> found = after < 0 ? Optional.empty() : body(after);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return Rollback.UNKNOWN;
    }

    /** Empty where it was no function: a call, most likely. */
    private Optional<Rollback> body(int after) {
        String rest = code.substring(after).stripLeading();
        String block = rest.startsWith("=>") ? rest.substring(2).stripLeading() : rest;
        if (!block.startsWith("{")) {
            return rest.startsWith("=>") ? Optional.of(expression(block)) : Optional.empty();
        }
        int start = code.length() - block.length();
        int end = closing(start);
        if (end < 0) {
            return Optional.of(Rollback.UNKNOWN);
        }
        return Optional.of(isNothing(code.substring(start + 1, end - 1)) ? Rollback.EMPTY : Rollback.PRESENT);
    }

    private static Rollback expression(String text) {
        boolean nothing =
                text.matches("(?s)(?:undefined|null|void 0|\\(?\\{\\s*}\\)?|Promise\\.resolve\\(\\s*\\))\\s*[,;})].*");
        return nothing ? Rollback.EMPTY : Rollback.PRESENT;
    }

    private static boolean isNothing(String body) {
        return body.replaceAll("\\breturn\\b(?:\\s*Promise\\.resolve\\(\\s*\\))?|['\"]{2}", "")
                .replace(';', ' ')
                .isBlank();
    }

    /** Just behind the bracket that closes the one here; -1 if none does. */
    private int closing(int open) {
        int depth = 0;
        for (int i = open; i < code.length(); i++) {
            char here = code.charAt(i);
            if (here == '(' || here == '{' || here == '[') {
                depth++;
            } else if (here == ')' || here == '}' || here == ']') {
                depth--;
            }
            if (depth == 0) {
                return i + 1;
            }
        }
        return -1;
    }
}
