package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** BPF programs whose link no process holds. */
@EnabledOnOs(OS.LINUX)
@LiveHost
class BpfProgramsLiveTest {

  /** Loads an sk_lookup program in a namespace of its own, and pins its link. */
  private static final String PINNED =
      """
      import struct, tempfile
      def bpf(command, attributes):
          buffer = ctypes.create_string_buffer(attributes.ljust(120, b'\\0'), 120)
          fd = libc.syscall(321 if os.uname().machine == 'x86_64' else 280, command, buffer, 120)
          assert fd >= 0, command
          return fd
      assert not libc.unshare(0x40020000)
      assert not libc.mount(None, b'/', None, 1 << 18 | 16384, None)
      folder = tempfile.mkdtemp()
      assert not libc.mount(b'bpf', folder.encode(), b'bpf', 0, None)
      code = struct.pack('<BBhI', 0xb7, 0, 0, 1) + struct.pack('<BBhI', 0x95, 0, 0, 0)
      memory = ctypes.create_string_buffer(code, len(code))
      words = ctypes.create_string_buffer(b'GPL')
      program = bpf(5, struct.pack('<IIQQ44xI', 30, 2, ctypes.addressof(memory),
                                   ctypes.addressof(words), 36))
      here = os.open('/proc/self/ns/net', os.O_RDONLY)
      link = bpf(28, struct.pack('<IIII', program, here, 36, 0))
      number = [line for line in open('/proc/self/fdinfo/%d' % link) if 'link_id' in line][0].split()[1]
      path = ctypes.create_string_buffer((folder + '/link').encode())
      if PIN:
          bpf(6, struct.pack('<QI', ctypes.addressof(path), link))
          os.close(link)
      ready('sk_lookup in net:[%d] (link %s)' % (os.fstat(here).st_ino, number))
      """;

  private final BpfPrograms programs = new BpfPrograms("kernel", new ProcFs(Path.of("/")));

  private List<String> gaps(List<String> held) {
    return programs.look("", held).stream().map(Gap::why).toList();
  }

  @Test
  void pinnedProgramIsNamed() throws Exception {
    Requirement.root();
    try (PythonProcess python = PythonProcess.run(PINNED.replace("PIN", "True"))) {
      assertThat(gaps(List.of()))
          .singleElement()
          .asString()
          .contains(python.firstLine() + ", held by no process");
      assertThat(programs.limit()).isEmpty();
    }
  }

  @Test
  void programOfAProcessIsNamedOnce() throws Exception {
    Requirement.root();
    try (PythonProcess python = PythonProcess.run(PINNED.replace("PIN", "False"))) {
      String held = python.firstLine() + " by pid " + python.pid();
      assertThat(gaps(List.of(held)))
          .singleElement()
          .asString()
          .contains(held)
          .doesNotContain(python.firstLine() + ", held by no process");
    }
  }
}
