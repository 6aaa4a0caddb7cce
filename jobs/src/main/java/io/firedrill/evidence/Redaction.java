package io.firedrill.evidence;

import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Takes secrets out of a text before it reaches a log, a record or a report; what is no secret stays as it is. */
public final class Redaction {
    private static final String HIDDEN = "***";

    private static final String SECRET_NAME = "(?:[\\w.-]*(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key"
            + "|access[_-]?key(?:[_-]?id)?|private[_-]?key|credentials?|authmechanismproperties)"
            + "|x-amz-signature|x-amz-credential|x-amz-security-token|sig|signature)";

    private record Rule(Pattern pattern, String replacement) {
        static Rule of(String regex, String replacement) {
            return new Rule(Pattern.compile(regex, Pattern.CASE_INSENSITIVE), replacement);
        }
    }

    private static final List<Rule> RULES = List.of(
            Rule.of(
                    "-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\\z)"
                            .replace(".*?", "[\\s\\S]*?"),
                    HIDDEN),
            // A password may hold an unescaped @ or /, so the last @ before the host's end counts.
            Rule.of("(mongodb(?:\\+srv)?://)[^\\s\"'<>]*@", "$1" + HIDDEN + "@"),
            // Bounded: every letter of a long word would else be tried as the beginning of a scheme as long as the
            // rest.
            Rule.of("([a-z][a-z0-9+.-]{0,30}+://)[^\\s/\"'<>?#]*@", "$1" + HIDDEN + "@"),
            Rule.of("(authMechanismProperties=)[^\\s&\"'<>]+", "$1" + HIDDEN),
            Rule.of(
                    "(\\bauthorization\\s*[:=]\\s*\"?)(?:basic|bearer|aws4-hmac-sha256)?\\s*[^\\r\\n\"]+",
                    "$1" + HIDDEN),
            Rule.of("(\\bbearer\\s+)[A-Za-z0-9._~+/=-]{8,}", "$1" + HIDDEN),
            Rule.of("(\"" + SECRET_NAME + "\"\\s*:\\s*)\"(?:[^\"\\\\]|\\\\.)*\"", "$1\"" + HIDDEN + "\""),
            Rule.of(
                    "((?<![\\w.-])" + SECRET_NAME + "\\s*=\\s*)(?:\"[^\"]*\"|'[^']*'|[^\\s&,;\"'<>)\\]}]+)",
                    "$1" + HIDDEN),
            Rule.of("((?<![\\w.-])" + SECRET_NAME + ":\\s+)[^\\s,;\"'<>)\\]}]+", "$1" + HIDDEN),
            Rule.of("\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*", HIDDEN),
            new Rule(Pattern.compile("\\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\\b"), HIDDEN),
            new Rule(Pattern.compile("\\bgh[pousr]_[A-Za-z0-9]{20,}\\b"), HIDDEN));

    private static final Pattern SECRET_FIELD = Pattern.compile(SECRET_NAME, Pattern.CASE_INSENSITIVE);

    private Redaction() {}

    public static String of(String text) {
        String clean = text;
        for (Rule rule : RULES) {
            clean = rule.pattern().matcher(clean).replaceAll(rule.replacement());
        }
        return clean;
    }

    /** The value of a setting or note: hidden whole where its name says that it is a secret. */
    public static String of(String name, String value) {
        boolean secret = SECRET_FIELD.matcher(name).matches() && !value.isEmpty();
        return secret ? HIDDEN : of(value);
    }

    /** Every text of a tree, in place. */
    static void apply(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> {
                if (field.getValue() instanceof StringNode text) {
                    field.setValue(StringNode.valueOf(of(field.getKey(), text.asString())));
                } else {
                    apply(field.getValue());
                }
            });
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                if (array.get(i) instanceof StringNode text) {
                    array.set(i, StringNode.valueOf(of(text.asString())));
                } else {
                    apply(array.get(i));
                }
            }
        }
    }
}
