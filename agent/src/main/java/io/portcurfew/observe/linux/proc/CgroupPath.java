package io.portcurfew.observe.linux.proc;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The control group that decides what a process belongs to; pure. A process is in one group of each
 * hierarchy; systemd keeps its units in {@code name=systemd} (cgroups(7), version 1 and hybrid) or
 * in the only one of version 2.
 *
 * @param hierarchy the second field of /proc/PID/cgroup: controllers, {@code name=NAME}, or empty
 *     for version 2
 * @param names the names from the root of the hierarchy down
 */
record CgroupPath(String hierarchy, List<String> names) {

  private static final CgroupPath NONE = new CgroupPath("", List.of());
  private static final String SYSTEMD = "name=systemd";
  private static final String MOUNTS = "sys/fs/cgroup";

  /** The manager of a user; user 0 is no other user. */
  private static final Pattern USER_MANAGER = Pattern.compile("user@(?!0\\.service).*\\.service");

  private static final Pattern USER_SLICE = Pattern.compile("user-(?!0\\.slice)[^-]+\\.slice");

  CgroupPath {
    names = List.copyOf(names);
  }

  /**
   * Reads /proc/PID/cgroup: {@code 0::PATH} (version 2), {@code N:CONTROLLERS:PATH} (version 1).
   */
  static CgroupPath deciding(String text) {
    CgroupPath decides = NONE;
    for (String line : text.split("\n", -1)) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3 && fields[2].startsWith("/") && fields[2].length() > 1) {
        List<String> names = List.of(fields[2].substring(1).split("/", -1));
        CgroupPath path = new CgroupPath(fields[1], names);
        decides = path.rank() > decides.rank() ? path : decides;
      }
    }
    return decides;
  }

  private int rank() {
    if (names.isEmpty()) {
      return 0;
    }
    return hierarchy.equals(SYSTEMD) ? 3 : hierarchy.isEmpty() ? 2 : 1;
  }

  /**
   * How many names come before the first group that a user makes: what is below the manager of a
   * user (user@.service(5)), a session of a user, or {@code /user/NAME} of pam_cgfs(8) is named by
   * that user.
   */
  int namesAboveUsers() {
    for (int i = 0; i < names.size(); i++) {
      boolean ofUser =
          USER_MANAGER.matcher(names.get(i)).matches()
              || (i > 0 && USER_SLICE.matcher(names.get(i - 1)).matches())
              || (i == 1 && names.get(0).equals("user"));
      if (ofUser) {
        return i + 1;
      }
    }
    return names.size();
  }

  /** Where its hierarchy is mounted, below the root of the host; the first that exists counts. */
  List<String> mounts() {
    if (hierarchy.isEmpty()) {
      return List.of(MOUNTS + "/unified", MOUNTS);
    }
    return List.of(MOUNTS + "/" + hierarchy.substring(hierarchy.startsWith("name=") ? 5 : 0));
  }
}
