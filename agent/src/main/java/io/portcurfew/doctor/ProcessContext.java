package io.portcurfew.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The rights and namespaces of this process on Linux.
 *
 * @param ownPids true if it is not in the initial pid namespace: it does not see processes outside
 * @param ownUsers true if it is not in the initial user namespace: its capabilities have no effect
 *     outside
 */
record ProcessContext(ProcessRights rights, HidePid hidePid, boolean ownPids, boolean ownUsers) {

  private static final Path SELF = Path.of("/proc/self");

  /** linux/proc_ns.h: PROC_PID_INIT_INO. */
  private static final String FIRST_PIDS = "pid:[" + 0xEFFFFFFCL + "]";

  /** linux/proc_ns.h: PROC_USER_INIT_INO. */
  private static final String FIRST_USERS = "user:[" + 0xEFFFFFFDL + "]";

  /**
   * Reads the context of this process.
   *
   * @throws IOException if /proc is missing
   */
  static ProcessContext ofThisProcess() throws IOException {
    // Mount points may contain any byte, so they are read as Latin-1.
    return new ProcessContext(
        ProcessRights.of(Files.readAllBytes(SELF.resolve("status"))),
        HidePid.of(Files.readString(SELF.resolve("mountinfo"), StandardCharsets.ISO_8859_1)),
        !link("ns/pid").equals(FIRST_PIDS),
        !link("ns/user").equals(FIRST_USERS));
  }

  private static String link(String name) throws IOException {
    return Files.readSymbolicLink(SELF.resolve(name)).toString();
  }

  /** True if the processes of other users are hidden. */
  boolean processesAreHidden() {
    return hidePid != HidePid.OFF && !rights.may(Capability.CAP_SYS_PTRACE);
  }
}
