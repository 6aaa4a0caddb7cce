package io.firedrill.storage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers each request by the next line of a script, the last line for ever; it speaks to sockets, so it can break them. */
final class ScriptedS3 implements AutoCloseable {
    record Request(String method, String target, Map<String, String> headers) {}

    /** Says nothing until the client gives up. */
    static final Answer SILENCE = socket -> {
        int read = socket.getInputStream().read();
        assert read < 0;
    };

    /** Writes one answer, whole or not; the connection is closed afterwards. */
    @FunctionalInterface
    interface Answer {
        void to(Socket socket) throws IOException;
    }

    private final ServerSocket server;
    private final List<Answer> script;
    private final AtomicInteger line = new AtomicInteger();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    ScriptedS3(Answer... script) throws IOException {
        this.script = List.of(script);
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    /** Whether it says nothing to one request at least: only of such a server is it worth while to be soon tired. */
    boolean isSilent() {
        return script.contains(SILENCE);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    static Answer whole(int status, String body, String... headers) {
        return cut(status, body.getBytes(UTF_8), body.getBytes(UTF_8).length, headers);
    }

    static Answer error(int status, String code, String... headers) {
        return whole(status, xml(code, "text of the server with AKIDSECRET"), headers);
    }

    static String xml(String code, String message) {
        return "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>%s</Message></Error>".formatted(code, message);
    }

    /** Announces the whole body, and sends only the beginning of it. */
    static Answer cut(int status, byte[] body, int sent, String... headers) {
        return socket -> {
            var head = new StringBuilder("HTTP/1.1 %d Any\r\nConnection: close\r\n".formatted(status));
            List.of(headers).forEach(header -> head.append(header).append("\r\n"));
            head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
            socket.getOutputStream().write(head.toString().getBytes(ISO_8859_1));
            socket.getOutputStream().write(body, 0, sent);
            socket.getOutputStream().flush();
        };
    }

    /** The same, but the connection is reset instead of closed. */
    static Answer reset(int status, byte[] body, int sent, String... headers) {
        return socket -> {
            cut(status, body, sent, headers).to(socket);
            socket.setSoLinger(true, 0);
        };
    }

    static Answer resetAtOnce() {
        return socket -> socket.setSoLinger(true, 0);
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> answer(socket));
            } catch (IOException e) {
                return; // Closed: the test is over.
            }
        }
    }

    private void answer(Socket accepted) {
        try (var socket = accepted) {
            var request = read(socket);
            requests.add(request);
            script.get(Math.min(line.getAndIncrement(), script.size() - 1)).to(socket);
        } catch (IOException e) {
            // The client has gone, as some tests want it to.
        }
    }

    private static Request read(Socket socket) throws IOException {
        var in = new BufferedInputStream(socket.getInputStream());
        String[] first = line(in).split(" ", -1);
        var headers = new TreeMap<String, String>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        if (headers.containsKey("expect")) {
            socket.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
        }
        in.skipNBytes(Long.parseLong(headers.getOrDefault("content-length", "0")));
        return new Request(first[0], first[1], headers);
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the client has gone");
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
