package io.portcurfew.doctor;

import io.portcurfew.observe.linux.proc.ProcText;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rights of a process on Linux that matter for observing.
 *
 * @param uid its effective user
 * @param held its effective capabilities among those of {@link Capability}
 */
record ProcessRights(long uid, Set<Capability> held) {

  /** The overflow user (Documentation/admin-guide/sysctl/fs.rst): it owns nothing. */
  private static final long NOBODY = 65534;

  ProcessRights {
    held = Set.copyOf(held);
  }

  /** Parses /proc/PID/status; a missing line gives no right. */
  static ProcessRights of(byte[] status) {
    ProcText.Users users = ProcText.users(status);
    return new ProcessRights(
        users == null ? NOBODY : users.effective(),
        Capability.in(ProcText.effectiveCapabilities(status)));
  }

  boolean may(Capability capability) {
    return held.contains(capability);
  }

  /** True if its capabilities allow it to see the owner of every socket. */
  boolean maySeeOwners() {
    return may(Capability.CAP_SYS_PTRACE) && may(Capability.CAP_DAC_READ_SEARCH);
  }

  /** Text such as {@code uid 998 with CAP_SYS_PTRACE; not CAP_SYS_ADMIN}. */
  @Override
  public String toString() {
    String user = uid == 0 ? "root" : "uid " + uid;
    Set<Capability> without = EnumSet.allOf(Capability.class);
    without.removeAll(held);
    // Of drop-ins that an admin may want or not; the checks of what they add name them.
    without.remove(Capability.CAP_NET_ADMIN);
    without.remove(Capability.CAP_BPF);
    return user + list(" with ", held) + list(held.isEmpty() ? " without " : "; not ", without);
  }

  private static String list(String before, Collection<Capability> some) {
    return some.isEmpty()
        ? ""
        : before + some.stream().sorted().map(Enum::name).collect(Collectors.joining(", "));
  }
}
