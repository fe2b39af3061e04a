package io.portcurfew.system;

import static io.portcurfew.system.Program.PORTCURFEW;
import static io.portcurfew.system.Program.holding;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Program.Ended;
import io.portcurfew.system.Program.Python;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real seccomp filter that refuses sock_diag, as that of a container or of a unit may. */
class SeccompIT {

  /**
   * Refuses socket(AF_NETLINK, any, NETLINK_SOCK_DIAG) with EPERM and allows all else: classic BPF
   * over struct seccomp_data of linux/seccomp.h (nr at 0, arguments of 8 bytes from 16 on), put in
   * place by prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER); socket is 41 of x86_64, 198 of aarch64.
   */
  private static final String REFUSE =
      """
      import ctypes, os, struct, sys
      LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
      socket = 198 if os.uname().machine == 'aarch64' else 41
      steps = [(LOAD, 0, 0, 0), (EQUAL, 0, 5, socket), (LOAD, 0, 0, 16), (EQUAL, 0, 3, 16),
               (LOAD, 0, 0, 32), (EQUAL, 0, 1, 4), (RETURN, 0, 0, 0x00050000 | 1),
               (RETURN, 0, 0, 0x7fff0000)]
      code = ctypes.create_string_buffer(b''.join(struct.pack('=HBBI', *step) for step in steps))
      program = struct.pack('@HP', len(steps), ctypes.addressof(code))
      libc = ctypes.CDLL(None, use_errno=True)
      if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, program): sys.exit('no seccomp')
      os.execv(sys.argv[1], sys.argv[1:])
      """;

  private static final String WHY =
      "namespace host is read from /proc/net: opening a sock_diag socket: not permitted (EPERM)";

  private Namespace here;

  @BeforeEach
  void create() throws Exception {
    Requirement.program("python3");
    here = Namespace.create("seccomp");
  }

  @AfterEach
  void delete() throws Exception {
    if (here != null) {
      here.close();
    }
  }

  private Ended refused(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("python3", "-c", REFUSE, PORTCURFEW));
    command.addAll(List.of(arguments));
    String open = "s = bound(TCP, V4, '127.0.0.1', 611); s.listen(1)";
    try (Python holder = Python.start(here.prefix(), holding(open))) {
      Ended ended = here.run(command.toArray(String[]::new));
      String pid = Long.toString(holder.pid());
      return new Ended(
          ended.status(), ended.out().replace("pid " + pid, "the holder"), ended.err());
    }
  }

  @Test
  void refusedSockDiag_isAGapBesideTextTables() throws Exception {
    Ended ended = refused("scan");
    assertThat(ended.out())
        .contains("CRITICAL open [npmp-gui] tcp 127.0.0.1:611 is open")
        .contains("held by the holder (")
        .contains("sock_diag: " + WHY + "; interfaces and IPv6 only are not shown there");
    assertThat(ended.out()).doesNotContain("CRITICAL hidden");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.status()).isEqualTo(1);
  }

  @Test
  void doctorNamesTheRefusalAndItsRemedy() throws Exception {
    Ended ended = refused("doctor");
    assertThat(ended.out().replaceAll("\\s+", " "))
        .containsPattern("network namespaces .*" + Pattern.quote(WHY))
        .contains("LIMITED sock_diag does not list tcp over IPv4")
        .contains("the agent reads /proc/net instead")
        .contains("RestrictAddressFamilies=AF_NETLINK");
  }
}
