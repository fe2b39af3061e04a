package io.portcurfew.doctor;

import java.util.EnumSet;
import java.util.Set;

/** The capabilities that observing needs, with their numbers from linux/capability.h. */
enum Capability {
  /** Opens /proc/PID/fd of processes of other users. */
  CAP_DAC_READ_SEARCH(2),
  /** Reads rulesets, and attaches BPF programs to control groups. */
  CAP_NET_ADMIN(12),
  /** Follows the links in /proc/PID/fd and /proc/PID/ns of processes of other users. */
  CAP_SYS_PTRACE(19),
  /** Enters other network namespaces (setns). */
  CAP_SYS_ADMIN(21),
  /** Opens the events of the kernel about listeners (perf_event_open). */
  CAP_PERFMON(38),
  /** Loads BPF programs, for the events of UDP sockets. */
  CAP_BPF(39);

  private final int number;

  Capability(int number) {
    this.number = number;
  }

  /**
   * Decodes a set.
   *
   * @param bits one bit for each number
   */
  static Set<Capability> in(long bits) {
    Set<Capability> held = EnumSet.noneOf(Capability.class);
    for (Capability capability : values()) {
      if ((bits >>> capability.number & 1) != 0) {
        held.add(capability);
      }
    }
    return held;
  }
}
