package io.portcurfew.doctor;

import java.util.EnumSet;
import java.util.Set;

/** The capabilities that matter to a look, with their numbers in linux/capability.h. */
enum Capability {
  /** Opens /proc/PID/fd of the processes of others. */
  CAP_DAC_READ_SEARCH(2),
  /** Nothing in a look takes it; told so that nobody grants it in hope. */
  CAP_NET_ADMIN(12),
  /** Follows the links in /proc/PID/fd and /proc/PID/ns of the processes of others. */
  CAP_SYS_PTRACE(19),
  /** Enters other network namespaces (setns). */
  CAP_SYS_ADMIN(21);

  private final int number;

  Capability(int number) {
    this.number = number;
  }

  /**
   * Those in a set as /proc/PID/status tells it, as in {@code CapEff:}.
   *
   * @param hex up to 16 hexadecimal digits
   */
  static Set<Capability> in(String hex) {
    long bits = Long.parseUnsignedLong(hex, 16);
    Set<Capability> held = EnumSet.noneOf(Capability.class);
    for (Capability capability : values()) {
      if ((bits >>> capability.number & 1) != 0) {
        held.add(capability);
      }
    }
    return held;
  }
}
