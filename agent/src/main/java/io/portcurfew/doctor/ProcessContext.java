package io.portcurfew.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where this process stands on its Linux host.
 *
 * @param ownPids whether it lives in a pid namespace that is not the first: processes outside are
 *     not there for it
 * @param ownUsers whether it lives in a user namespace that is not the first: its capabilities do
 *     not count outside
 */
record ProcessContext(ProcessRights rights, HidePid hidePid, boolean ownPids, boolean ownUsers) {

  private static final Path SELF = Path.of("/proc/self");

  /** linux/proc_ns.h: PROC_PID_INIT_INO. */
  private static final String FIRST_PIDS = "pid:[" + 0xEFFFFFFCL + "]";

  /** linux/proc_ns.h: PROC_USER_INIT_INO. */
  private static final String FIRST_USERS = "user:[" + 0xEFFFFFFDL + "]";

  /**
   * That of this process.
   *
   * @throws IOException where /proc is not there
   */
  static ProcessContext ofThisProcess() throws IOException {
    return new ProcessContext(
        ProcessRights.of(latin(SELF.resolve("status"))),
        HidePid.of(latin(SELF.resolve("mountinfo"))),
        !link("ns/pid").equals(FIRST_PIDS),
        !link("ns/user").equals(FIRST_USERS));
  }

  /** Mount points and names may hold any byte. */
  private static String latin(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }

  private static String link(String name) throws IOException {
    return Files.readSymbolicLink(SELF.resolve(name)).toString();
  }

  /** Whether the processes of other users are hidden from it. */
  boolean processesAreHidden() {
    return hidePid != HidePid.OFF && !rights.may(Capability.CAP_SYS_PTRACE);
  }
}
