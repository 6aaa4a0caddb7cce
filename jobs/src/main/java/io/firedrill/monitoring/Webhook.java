package io.firedrill.monitoring;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Posts a notification to an address, which is a secret: whoever knows it can write there, so messages name its host alone. It tries
 * once.
 */
public final class Webhook implements Notifier {
    /** What the receiver reads. */
    public enum Format {
        /** Every part in a field of its own. */
        JSON {
            @Override
            JsonNode body(Notification what) {
                ObjectNode body = object().put("schemaVersion", 1)
                        .put("event", what.event().word())
                        .put("source", what.source())
                        .put("kind", what.kind())
                        .put("outcome", what.outcome())
                        .put("exitCode", what.exitCode())
                        .put("count", what.count())
                        .put("at", what.at().toString())
                        .put("message", what.message())
                        .put("hint", what.hint())
                        .put("record", what.record());
                what.details().forEach(body.putArray("details")::add);
                return body;
            }
        },
        /** A text, as Slack and what speaks like it take it. */
        SLACK {
            @Override
            JsonNode body(Notification what) {
                String details =
                        what.details().stream().map(line -> "\n" + plain(line)).collect(Collectors.joining());
                String record = what.record().isEmpty() ? "" : "\nRecord: " + plain(what.record());
                return object().put(
                                "text",
                                "*Firedrill: %s*\n%s\n%s%s%s"
                                        .formatted(
                                                plain(what.title()),
                                                plain(what.message()),
                                                plain(what.hint()),
                                                details,
                                                record));
            }
        };

        /** As settings name it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        abstract JsonNode body(Notification what);

        static ObjectNode object() {
            return JsonMapper.shared().createObjectNode();
        }

        /**
         * A text of others that can be no link, no mention and no line of its own: Slack's three entities, a break after each at-sign,
         * since what speaks like Slack calls people by it, and no control characters.
         */
        static String plain(String text) {
            return Notification.line(text)
                    .replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;")
                    .replace("@", "@\u200b");
        }
    }

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final URI address;
    private final Format format;
    private final WebCall call;

    /** @param address with scheme http or https and a host */
    public Webhook(URI address, Format format) {
        this(address, format, WebCall.platform(), LIMIT);
    }

    Webhook(URI address, Format format, SSLContext tls, Duration limit) {
        this.address = address;
        this.format = format;
        this.call = new WebCall("the webhook at " + address.getHost(), tls, limit);
    }

    @Override
    public void tell(Notification what) {
        call.send(HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(format.body(what))))
                .build());
    }
}
