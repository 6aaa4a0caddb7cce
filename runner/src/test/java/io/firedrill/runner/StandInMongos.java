package io.firedrill.runner;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;

/**
 * Stands in for a mongos, of which there is no binary to test with: a socket that answers every command as a mongos answers
 * {@code hello}. What a real mongos says beyond that is not tested.
 */
final class StandInMongos implements AutoCloseable {
    private static final int OP_REPLY = 1;
    private static final int OP_QUERY = 2004;
    private static final int OP_MSG = 2013;
    private static final int HEADER = 16;
    private static final String HELLO =
            "{ok: 1.0, ismaster: true, isWritablePrimary: true, helloOk: true, msg: 'isdbgrid', minWireVersion: 0,"
                    + " maxWireVersion: 17, maxBsonObjectSize: 16777216, maxMessageSizeBytes: 48000000,"
                    + " maxWriteBatchSize: 100000, readOnly: false}";

    private final ServerSocket socket;
    private final byte[] hello = bytes(BsonDocument.parse(HELLO));

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    StandInMongos() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    String uri() {
        return "mongodb://127.0.0.1:%d/".formatted(socket.getLocalPort());
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                threads.execute(() -> answer(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void answer(Socket client) {
        try (client) {
            var in = new DataInputStream(client.getInputStream());
            while (true) {
                ByteBuffer header = ByteBuffer.wrap(in.readNBytes(HEADER)).order(ByteOrder.LITTLE_ENDIAN);
                if (header.limit() < HEADER) {
                    return;
                }
                in.skipNBytes(header.getInt(0) - HEADER);
                client.getOutputStream().write(reply(header.getInt(4), header.getInt(12)));
            }
        } catch (IOException gone) {
            // The driver hangs up when it has heard enough.
        }
    }

    private byte[] reply(int requestId, int opCode) {
        // OP_REPLY: flags, cursor, position, count. OP_MSG: flags, and a section of kind 0.
        int prefix = opCode == OP_QUERY ? 20 : 5;
        ByteBuffer reply = ByteBuffer.allocate(HEADER + prefix + hello.length).order(ByteOrder.LITTLE_ENDIAN);
        reply.putInt(reply.capacity()).putInt(1).putInt(requestId).putInt(opCode == OP_QUERY ? OP_REPLY : OP_MSG);
        if (opCode == OP_QUERY) {
            reply.putInt(HEADER + 16, 1);
        }
        return reply.position(HEADER + prefix).put(hello).array();
    }

    private static byte[] bytes(BsonDocument document) {
        try (var buffer = new BasicOutputBuffer();
                var writer = new BsonBinaryWriter(buffer)) {
            new BsonDocumentCodec()
                    .encode(writer, document, EncoderContext.builder().build());
            return buffer.toByteArray();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
        threads.shutdownNow();
    }
}
