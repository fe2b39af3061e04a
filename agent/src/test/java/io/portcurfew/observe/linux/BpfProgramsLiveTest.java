package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.SocketPlace.Family;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.observe.linux.kernel.HookedProgram;
import io.portcurfew.observe.linux.kernel.PacketHook;
import io.portcurfew.observe.linux.owner.RedirectingPrograms.HeldProgram;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.system.Daemon;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** BPF programs and actions of tc in network namespaces of their own. */
@EnabledOnOs(OS.LINUX)
@LiveHost
class BpfProgramsLiveTest {

  private static final String PRELUDE =
      """
      import struct, subprocess, tempfile
      def bpf(command, attributes):
          buffer = ctypes.create_string_buffer(attributes.ljust(120, b'\\0'), 120)
          fd = libc.syscall(321 if os.uname().machine == 'x86_64' else 280, command, buffer, 120)
          assert fd >= 0, command
          return fd
      def load(kind, attach, result):
          code = struct.pack('<BBhI', 0xb7, 0, 0, result) + struct.pack('<BBhI', 0x95, 0, 0, 0)
          memory = ctypes.create_string_buffer(code, len(code))
          words = ctypes.create_string_buffer(b'GPL')
          return bpf(5, struct.pack('<IIQQ44xI', kind, 2, ctypes.addressof(memory),
                                    ctypes.addressof(words), attach))
      def link(kind, attach, result, target):
          program = load(kind, attach, result)
          made = bpf(28, struct.pack('<IIII', program, target, attach, 2 if kind == 6 else 0))
          os.close(program)
          return made
      def pin(fd):
          path = folder + '/object'
          name = ctypes.create_string_buffer(path.encode())
          bpf(6, struct.pack('<QI', ctypes.addressof(name), fd))
          os.close(fd)
          return path
      def run(command):
          subprocess.run(command.split(), check=True)
      assert not libc.unshare(0x40020000)
      assert not libc.mount(None, b'/', None, 1 << 18 | 16384, None)
      folder = tempfile.mkdtemp()
      assert not libc.mount(b'bpf', folder.encode(), b'bpf', 0, None)
      here = os.open('/proc/self/ns/net', os.O_RDONLY)
      inode = os.fstat(here).st_ino
      run('ip link set lo up')
      """;

  private final LinuxSource source = PatientSource.ofHost();

  @BeforeEach
  void needsRoot() {
    Requirement.root();
  }

  @AfterEach
  void close() {
    source.close();
  }

  /** The same once there is one: a look has two seconds, and on a busy machine may miss it. */
  private List<OtherSocket> found(PythonProcess python) throws Exception {
    Daemon.until("a program is seen", () -> !seen(python).isEmpty());
    return seen(python);
  }

  /** The programs and actions in the namespace that the script prints. */
  private List<OtherSocket> seen(PythonProcess python) throws InterruptedException {
    String inode = ":[" + python.firstLine() + "]";
    return source.look().sockets().all().stream()
        .filter(one -> one.place().family() == Family.BPF || one.place().family() == Family.TC)
        .filter(one -> one.place().namespace().endsWith(inode))
        .toList();
  }

  private static PythonProcess run(String script) throws Exception {
    return PythonProcess.run(PRELUDE + script);
  }

  @ParameterizedTest
  @CsvSource({
    "sk_lookup, '', 'link(30, 36, 1, here)'",
    "xdp, lo, 'link(6, 37, 2, 1)'",
    "tcx, lo, 'link(3, 46, 0xFFFFFFFF, 1)'"
  })
  void programOfAProcessHasItsOwner(String hook, String device, String link) throws Exception {
    try (PythonProcess python = run("kept = " + link + "; ready(inode)")) {
      assertThat(found(python))
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.place().protocol()).isEqualTo(hook);
                assertThat(String.valueOf(one.place().device()))
                    .isEqualTo(device.isEmpty() ? "null" : device);
                assertThat(one.count()).isEqualTo(1);
                assertThat(one.owners()).extracting(Owner::pid).containsExactly(python.pid());
              });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sk_lookup, 'pin(link(30, 36, 1, here))'",
    "tcx, 'pin(link(3, 46, 0xFFFFFFFF, 1))'",
    "xdp, 'run(\"ip link set dev lo xdpgeneric pinned \" + pin(load(6, 0, 2)))'"
  })
  void programWithoutAProcessIsTheKernels(String hook, String script) throws Exception {
    try (PythonProcess python = run(script + "; ready(inode)")) {
      assertThat(found(python))
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.place().protocol()).isEqualTo(hook);
                if (hook.equals("xdp") || seesEveryDescriptor()) {
                  assertThat(one.owners())
                      .as("cause: %s", one.unknownOwner())
                      .containsExactly(Owner.ofKernel("bpf"));
                } else {
                  assertThat(one.unknownOwner()).isEqualTo(UnknownOwner.NO_RIGHT);
                }
              });
    }
  }

  /** False if a process may hold the program unseen, so that nobody can say that it is kept. */
  private static boolean seesEveryDescriptor() throws IOException {
    try {
      // The first process of some virtual machines shows its descriptors to nobody.
      Files.readSymbolicLink(Path.of("/proc/1/fd/0"));
    } catch (AccessDeniedException closed) {
      return false;
    } catch (NoSuchFileException unused) {
      // Its standard input is closed.
    }
    return Boolean.TRUE.equals(new ProcFs(Path.of("/")).isOfFirstPidNamespace());
  }

  @Test
  void programOfATcFilterIsSeen() throws Exception {
    try (PythonProcess python =
        run(
            """
            run('tc qdisc add dev lo clsact')
            run('tc filter add dev lo ingress bpf da object-pinned ' + pin(load(3, 0, 0xFFFFFFFF)))
            ready(inode)
            """)) {
      assertThat(found(python))
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.place().toString()).startsWith("bpf tc on lo in ");
                assertThat(one.owners()).containsExactly(Owner.ofKernel("bpf"));
              });
    }
  }

  @Test
  void linkOfAnInterfaceThatHasGoneIsNotNamed() throws Exception {
    BpfPrograms programs = new BpfPrograms("kernel", new ProcFs(Path.of("/")));
    try (PythonProcess python =
        run(
            """
            run('ip link add gone0 type veth peer name gone1')
            kept = link(6, 37, 2, socket.if_nametoindex('gone0'))
            run('ip link del gone0')
            pin(os.dup(kept))
            ready(inode)
            """)) {
      assertThat(python.firstLine()).as("it is ready").matches("[0-9]+");
      assertThat(seen(python)).isEmpty();
      assertThat(programs.look(List.of(), Set::of))
          .noneMatch(gap -> gap.why().contains("on interface 0"));
    }
  }

  @Test
  void programOfAnUnknownPlaceIsAGap() throws Exception {
    BpfPrograms programs = new BpfPrograms("kernel", new ProcFs(Path.of("/")));
    HeldProgram held = new HeldProgram(7, new HookedProgram(PacketHook.SK_LOOKUP, 0, 5, 99));
    try (PythonProcess python = run("pin(link(30, 36, 1, here)); ready(inode)")) {
      assertThat(programs.look(List.of(held), Set::of))
          .extracting(Gap::why)
          .singleElement()
          .asString()
          .contains("sk_lookup of pid 7")
          .contains("sk_lookup in net:[" + python.firstLine() + "]");
      assertThat(programs.limit()).isEmpty();
      assertThat(programs.look(List.of(held), () -> Set.of(HookedProgram.holderNumber(99))))
          .extracting(Gap::why)
          .singleElement()
          .asString()
          .doesNotContain("pid 7");
    }
  }
}
