package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** What the application's classes call and mention, as far as class files tell; of libraries nothing is followed. */
final class CodeGraph {
    private static final int CONSTANT_CLASS = 7;

    private final Jar jar;
    private final Predicate<String> application;
    private final Map<String, Optional<ClassNode>> nodes = new HashMap<>();
    private final Map<String, String> hashes = new HashMap<>();
    private final Map<String, Set<String>> mentioned = new HashMap<>();

    /**
     * @param application whether a class, as {@code com/acme/V1}, is the application's own
     */
    CodeGraph(Jar jar, Predicate<String> application) {
        this.jar = jar;
        this.application = application;
    }

    /** A class of the application; empty for all others. */
    Optional<ClassNode> node(String name) {
        Optional<ClassNode> known = nodes.get(name);
        if (known == null) {
            known = bytes(name).map(CodeGraph::parse);
            nodes.put(name, known);
        }
        return known;
    }

    boolean isApplication(String name) {
        return node(name).isPresent();
    }

    Optional<ClassNode> superclass(ClassNode type) {
        return type.superName == null ? Optional.empty() : node(type.superName);
    }

    private Optional<byte[]> bytes(String name) {
        return application.test(name) ? jar.bytes(name) : Optional.empty();
    }

    private static ClassNode parse(byte[] bytes) {
        return read(bytes, reader -> {
            var node = new ClassNode();
            reader.accept(node, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
            return node;
        });
    }

    private static <T> T read(byte[] bytes, Function<ClassReader, T> reading) {
        try {
            return reading.apply(new ClassReader(bytes));
        } catch (IllegalArgumentException | IndexOutOfBoundsException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "a class of the application cannot be read: %s".formatted(thrown.getMessage()),
                    "It is broken, or compiled for a Java that is newer than this Firedrill: build it for an older one, or update Firedrill.",
                    thrown);
        }
    }

    /** The methods that run when this one does: it, its lambdas, and those of the application that they call. */
    List<MethodNode> reached(ClassNode type, MethodNode start) {
        var reached = new ArrayList<MethodNode>();
        Set<String> seen = new HashSet<>();
        Deque<MethodNode> open = new ArrayDeque<>(List.of(start));
        seen.add(type.name + "." + start.name + start.desc);
        while (!open.isEmpty()) {
            MethodNode method = open.pop();
            reached.add(method);
            for (AbstractInsnNode instruction : method.instructions) {
                for (Handle called : called(instruction)) {
                    if (seen.add(called.getOwner() + "." + called.getName() + called.getDesc())) {
                        method(called).ifPresent(open::push);
                    }
                }
            }
        }
        return reached;
    }

    private static List<Handle> called(AbstractInsnNode instruction) {
        if (instruction instanceof MethodInsnNode call) {
            return List.of(new Handle(0, call.owner, call.name, call.desc, call.itf));
        }
        if (instruction instanceof InvokeDynamicInsnNode dynamic) {
            return Arrays.stream(dynamic.bsmArgs)
                    .filter(Handle.class::isInstance)
                    .map(Handle.class::cast)
                    .toList();
        }
        return List.of();
    }

    private Optional<MethodNode> method(Handle called) {
        for (Optional<ClassNode> at = node(called.getOwner()); at.isPresent(); at = superclass(at.get())) {
            for (MethodNode method : at.get().methods) {
                if (method.name.equals(called.getName()) && method.desc.equals(called.getDesc())) {
                    return Optional.of(method);
                }
            }
        }
        return Optional.empty();
    }

    /** Of a class and of all classes of the application that it mentions, and those mention; without debug information. */
    String hash(String type) {
        var parts = new TreeMap<String, String>();
        Deque<String> open = new ArrayDeque<>(List.of(type));
        while (!open.isEmpty()) {
            String name = open.pop();
            if (!parts.containsKey(name)) {
                Optional<byte[]> bytes = bytes(name);
                bytes.ifPresent(content -> parts.put(name, hashes.computeIfAbsent(name, _ -> withoutDebug(content))));
                bytes.ifPresent(content -> mentioned
                        .computeIfAbsent(name, _ -> mentionedIn(content))
                        .forEach(open::push));
            }
        }
        return Fingerprint.of(parts);
    }

    /** Written anew from what was read, so that line numbers and names of variables leave no trace. */
    private static String withoutDebug(byte[] bytes) {
        return read(bytes, reader -> {
            var writer = new ClassWriter(0);
            reader.accept(writer, ClassReader.SKIP_DEBUG);
            return Fingerprint.of(writer.toByteArray());
        });
    }

    private static Set<String> mentionedIn(byte[] bytes) {
        return read(bytes, CodeGraph::mentionedIn);
    }

    private static Set<String> mentionedIn(ClassReader reader) {
        var buffer = new char[reader.getMaxStringLength()];
        Set<String> names = new LinkedHashSet<>();
        for (int i = 1; i < reader.getItemCount(); i++) {
            int at = reader.getItem(i);
            if (at > 0 && reader.readByte(at - 1) == CONSTANT_CLASS) {
                // Of an array the class of what is in it: [Lcom/acme/V1;
                names.add(reader.readUTF8(at, buffer).replaceFirst("^\\[+L(.*);$", "$1"));
            }
        }
        return names;
    }

    /** Whether a text stands somewhere in a class file, as it is written there. */
    static boolean mentions(byte[] bytes, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i <= bytes.length - wanted.length; i++) {
            int matched = 0;
            while (matched < wanted.length && bytes[i + matched] == wanted[matched]) {
                matched++;
            }
            if (matched == wanted.length) {
                return true;
            }
        }
        return false;
    }
}
