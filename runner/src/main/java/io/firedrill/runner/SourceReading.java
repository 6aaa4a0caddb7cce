package io.firedrill.runner;

import io.firedrill.backup.ReadGate;
import io.firedrill.backup.SourceWatch;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.ReadMember;
import java.util.function.BiConsumer;

/** From where and how fast a backup or a seal reads; says in the record what it was and what it came to. */
final class SourceReading implements AutoCloseable {
    private final ReadMember member;
    private final ReadGate gate;
    private final SourceWatch watch;
    private final BiConsumer<String, String> note;

    /**
     * @param source the whole replica set
     * @param note takes a name and a value for the record
     */
    SourceReading(Deployment source, Workspace workspace, BiConsumer<String, String> note) {
        Settings settings = workspace.settings();
        this.note = note;
        this.gate = new ReadGate(
                settings.lanes(), settings.readLimit(), workspace.clocks().ticker());
        this.member = ReadMember.choose(source, settings.readFrom(), workspace::sourceMember);
        this.watch = new SourceWatch(source, member.deployment(), settings.loadLimits(), gate);
        note.accept("read-from", member.description());
        if (settings.readLimit() > 0) {
            note.accept("read-limit", "%d bytes a second".formatted(settings.readLimit()));
        }
    }

    Deployment member() {
        return member.deployment();
    }

    /** Which member is read, and why. */
    String description() {
        return member.description();
    }

    ReadGate gate() {
        return gate;
    }

    @Override
    public void close() {
        watch.close();
        note.accept("source-load", watch.effect());
        member.close();
    }
}
