package io.firedrill.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is provably dead, told from a {@code /proc} of our own making. */
class ProcessesTest {
    private static final String REST = " 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ";

    @TempDir
    Path proc;

    @BeforeEach
    void makeAProc() throws IOException {
        write("sys/kernel/random/boot_id", "boot-1\n");
        write("sys/kernel/hostname", "db7\n");
        Files.createDirectories(proc.resolve("self/ns"));
        Files.createSymbolicLink(proc.resolve("self/ns/pid"), Path.of("pid:[4026531836]"));
        process(1, "init", "S", 1);
        process(42, "a) S (b", "S", 777);
    }

    private void write(String name, String text) throws IOException {
        var file = proc.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void process(long pid, String command, String state, long start) throws IOException {
        write(pid + "/stat", "%d (%s) %s%s%d 0 0\n".formatted(pid, command, state, REST, start));
        Files.createDirectories(proc.resolve(pid + "/task/" + pid));
    }

    private boolean isDead(String processId) {
        return new Processes(proc).isDead(processId);
    }

    @Test
    void aProcessIsKnownByBootNamespaceNumberAndStart() {
        assertThat(new Processes(proc).idOf(42)).isEqualTo("boot-1 pid:[4026531836] 42 777");
        assertThat(new Processes(proc).host()).isEqualTo("db7");
    }

    @Test
    void aRunningProcessIsNotDead() {
        assertThat(isDead("boot-1 pid:[4026531836] 42 777")).isFalse();
        assertThat(new Processes(proc).life("boot-1 pid:[4026531836] 42 777")).isEqualTo(ProcessMark.Life.LIVES);
        assertThat(new Processes(proc).life("boot-0 pid:[4026531836] 42 777")).isEqualTo(ProcessMark.Life.UNKNOWN);
    }

    @Test
    void aProcessThatIsGoneIsDead() {
        assertThat(isDead("boot-1 pid:[4026531836] 43 777")).isTrue();
    }

    @Test
    void aProcessWhoseNumberIsUsedAgainIsDead() {
        assertThat(isDead("boot-1 pid:[4026531836] 42 776")).isTrue();
    }

    @Test
    void ofAnotherMachineBootOrNamespaceNothingIsKnown() {
        assertThat(isDead("boot-0 pid:[4026531836] 43 777")).isFalse();
        assertThat(isDead("boot-1 pid:[4026531999] 43 777")).isFalse();
        assertThat(isDead("boot-1 pid:[4026531836] ../1 777")).isFalse();
        assertThat(isDead("unknown 43")).isFalse();
        assertThat(isDead("")).isFalse();
    }

    @Test
    void aZombieIsDeadUnlessThreadsOfItRun() throws IOException {
        process(42, "java", "Z", 777);
        assertThat(isDead("boot-1 pid:[4026531836] 42 777")).isTrue();
        Files.createDirectories(proc.resolve("42/task/44"));
        assertThat(isDead("boot-1 pid:[4026531836] 42 777")).isFalse();
    }

    @Test
    void whereOtherProcessesAreHiddenNobodyIsKnownToBeDead() throws IOException {
        Files.delete(proc.resolve("1/stat"));
        assertThat(isDead("boot-1 pid:[4026531836] 43 777")).isFalse();
    }

    @Test
    void withoutAProcNothingIsKnown() {
        var none = new Processes(proc.resolve("none"));
        assertThat(none.own()).isEqualTo("unknown " + ProcessHandle.current().pid());
        assertThat(none.host()).isNotBlank();
        assertThat(none.isDead("boot-1 pid:[4026531836] 43 777")).isFalse();
    }
}
