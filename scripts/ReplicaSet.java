import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;

/**
 * Initiates a replica set of one member on loopback and waits until it is primary: {@code ReplicaSet.java PORT NAME}.
 *
 * <p>It speaks the wire protocol (one OP_MSG with one document) with the JDK alone, so that a server can be started
 * before anything is built and where there is no mongosh. It knows just the BSON types these two commands need.
 */
final class ReplicaSet {
    private static final int OP_MSG = 2013;
    private static final int ALREADY_INITIALIZED = 23;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ReplicaSet() {}

    public static void main(String[] args) throws InterruptedException {
        if (args.length != 2) {
            System.err.println("usage: ReplicaSet.java PORT NAME");
            System.exit(2);
        }
        int port = Integer.parseInt(args[0]);
        String name = args[1];
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean initiated = false;
        String last = "no answer";
        while (System.nanoTime() < deadline) {
            try (Connection server = new Connection(port)) {
                if (!initiated) {
                    last = "replSetInitiate: " + initiate(server, port, name);
                    initiated = true;
                }
                while (System.nanoTime() < deadline) {
                    Map<String, Object> hello = server.command(Map.of("hello", 1));
                    if (Boolean.TRUE.equals(hello.get("isWritablePrimary"))) {
                        return;
                    }
                    last = "hello: " + hello;
                    Thread.sleep(20);
                }
            } catch (IOException notYet) {
                last = notYet.toString();
                Thread.sleep(50);
            }
        }
        System.err.println("not primary after " + PATIENCE.toSeconds() + " s; last: " + last);
        System.exit(1);
    }

    private static String initiate(Connection server, int port, String name) throws IOException {
        Map<String, Object> member = ordered("_id", 0, "host", "127.0.0.1:" + port);
        Map<String, Object> config = ordered("_id", name, "version", 1, "members", new Object[] {member});
        Map<String, Object> answer = server.command(Map.of("replSetInitiate", config));
        boolean done = number(answer.get("ok")) == 1 || number(answer.get("code")) == ALREADY_INITIALIZED;
        if (!done) {
            System.err.println("replSetInitiate was refused: " + answer.get("errmsg"));
            System.exit(1);
        }
        return "done";
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    private static int number(Object value) {
        return value instanceof Number number ? number.intValue() : -1;
    }

    private static final class Connection implements AutoCloseable {
        private final Socket socket = new Socket();
        private int requests;

        Connection(int port) throws IOException {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 2_000);
            socket.setSoTimeout(30_000);
        }

        Map<String, Object> command(Map<String, Object> body) throws IOException {
            Map<String, Object> command = new LinkedHashMap<>(body);
            command.put("$db", "admin");
            ByteBuffer message = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
            message.putInt(0).putInt(++requests).putInt(0).putInt(OP_MSG).putInt(0).put((byte) 0);
            write(message, command);
            message.putInt(0, message.position());
            socket.getOutputStream().write(message.array(), 0, message.position());

            DataInputStream in = new DataInputStream(socket.getInputStream());
            int length = Integer.reverseBytes(in.readInt());
            if (length < 26 || length > 1 << 20) {
                throw new IOException("a reply of " + length + " bytes");
            }
            byte[] reply = in.readNBytes(length - 4);
            if (reply.length < length - 4) {
                throw new EOFException("the server closed the connection");
            }
            return read(ByteBuffer.wrap(reply, 17, reply.length - 17).order(ByteOrder.LITTLE_ENDIAN));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static void write(ByteBuffer out, Map<String, Object> document) {
        int start = out.position();
        out.putInt(0);
        for (Entry<String, Object> field : document.entrySet()) {
            writeField(out, field.getKey(), field.getValue());
        }
        out.put((byte) 0).putInt(start, out.position() - start);
    }

    @SuppressWarnings("unchecked")
    private static void writeField(ByteBuffer out, String name, Object value) {
        byte type = (byte)
                switch (value) {
                    case Integer _ -> 0x10;
                    case String _ -> 0x02;
                    case Object[] _ -> 0x04;
                    case Map<?, ?> _ -> 0x03;
                    default -> throw new IllegalArgumentException(value.getClass().getName());
                };
        out.put(type).put(utf8(name)).put((byte) 0);
        switch (value) {
            case Integer number -> out.putInt(number);
            case String text ->
                out.putInt(utf8(text).length + 1).put(utf8(text)).put((byte) 0);
            case Object[] list -> {
                Map<String, Object> elements = new LinkedHashMap<>();
                for (Object element : list) {
                    elements.put(Integer.toString(elements.size()), element);
                }
                write(out, elements);
            }
            default -> write(out, (Map<String, Object>) value);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The top level of a reply: strings, numbers and booleans by name; everything else is stepped over. */
    private static Map<String, Object> read(ByteBuffer in) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        in.getInt();
        for (byte type = in.get(); type != 0; type = in.get()) {
            String name = cString(in);
            switch (type) {
                case 0x01 -> document.put(name, in.getDouble());
                case 0x02 -> {
                    byte[] text = new byte[in.getInt()];
                    in.get(text);
                    document.put(name, new String(text, 0, text.length - 1, StandardCharsets.UTF_8));
                }
                case 0x08 -> document.put(name, in.get() == 1);
                case 0x10 -> document.put(name, in.getInt());
                case 0x03, 0x04 -> skip(in, in.getInt(in.position()));
                case 0x05 -> skip(in, 5 + in.getInt(in.position()));
                case 0x07 -> skip(in, 12);
                case 0x09, 0x11, 0x12 -> skip(in, 8);
                case 0x0A -> {}
                default -> throw new IOException("the reply holds BSON type " + type + " under " + name);
            }
        }
        return document;
    }

    private static String cString(ByteBuffer in) {
        int start = in.position();
        while (in.get() != 0) {
            // up to the closing zero
        }
        return new String(in.array(), in.arrayOffset() + start, in.position() - start - 1, StandardCharsets.UTF_8);
    }

    private static void skip(ByteBuffer in, int bytes) {
        in.position(in.position() + bytes);
    }
}
