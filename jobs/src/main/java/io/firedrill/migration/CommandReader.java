package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.Optional;

/** Tells from a request whether it writes. Bodies and sequences may be of any size: they are stepped over as they pass. */
final class CommandReader {
    private static final int CHECKSUM_PRESENT = 1;
    private static final int MORE_TO_COME = 1 << 1;

    /** Among the first sixteen, whoever does not know a flag has to refuse the message. */
    private static final int UNKNOWN_FLAGS = 0xFFFF & ~(CHECKSUM_PRESENT | MORE_TO_COME);

    private static final int CHECKSUM_BYTES = 4;
    private static final byte BODY = 0;
    private static final byte SEQUENCE = 1;

    private CommandReader() {}

    /**
     * Reads a message as far as it has to be read for that.
     *
     * @return empty for one that only reads
     */
    static Optional<WriteCommand> read(MessageHeader header, MessageInput in) {
        return switch (header.opCode()) {
            case MessageHeader.OP_MSG -> message(in);
            case MessageHeader.OP_QUERY -> query(in);
            case MessageHeader.OP_COMPRESSED ->
                throw new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "the migration's process compresses what it sends, so its writes cannot be counted",
                        "Let it use the connection string it is given, which has no compressors, and take 'compressors' out of its code.");
            default ->
                throw new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "the migration's process sent a message of type %d, which servers no longer take"
                                .formatted(header.opCode()),
                        "Let it use a driver that knows MongoDB 6.0.");
        };
    }

    private static Optional<WriteCommand> message(MessageInput in) {
        int flags = in.readInt32();
        if ((flags & UNKNOWN_FLAGS) != 0) {
            throw new MalformedMessage("it has unknown flags: %x".formatted(flags));
        }
        int after = (flags & CHECKSUM_PRESENT) != 0 ? CHECKSUM_BYTES : 0;
        var fields = new CommandFields();
        while (in.left() > after) {
            switch (in.readByte()) {
                case BODY -> fields.body(in);
                case SEQUENCE -> fields.sequence(in);
                default -> throw new MalformedMessage("it has a section of unknown kind");
            }
            if (fields.onlyReads()) {
                return Optional.empty();
            }
        }
        if (in.left() != after) {
            throw new MalformedMessage("its sections end within its checksum");
        }
        return fields.command((flags & MORE_TO_COME) == 0);
    }

    /** Drivers greet with it, since they do not know yet what the server is; servers take nothing else in it. */
    private static Optional<WriteCommand> query(MessageInput in) {
        in.skip(Integer.BYTES);
        in.skipCString();
        in.skip(2 * Integer.BYTES);
        var fields = new CommandFields();
        fields.body(in);
        if (!fields.onlyReads()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the migration's process writes by OP_QUERY, which servers no longer take",
                    "Let it use a driver that knows MongoDB 6.0.");
        }
        return Optional.empty();
    }
}
