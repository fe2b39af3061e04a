package io.portcurfew.observe.linux.proc;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The control group that determines the unit of a process; pure. A process is in one group of each
 * hierarchy. systemd keeps its units in {@code name=systemd} (cgroups(7), version 1 and hybrid) or
 * in the only hierarchy of version 2.
 *
 * @param hierarchy the second field of /proc/PID/cgroup: controllers, {@code name=NAME}, or empty
 *     for version 2
 * @param names the names from the root of the hierarchy down
 */
record CgroupPath(String hierarchy, List<String> names) {

  private static final CgroupPath NONE = new CgroupPath("", List.of());
  private static final String SYSTEMD = "name=systemd";
  private static final String MOUNTS = "sys/fs/cgroup";

  /** Matches the manager of a user other than root. */
  private static final Pattern USER_MANAGER = Pattern.compile("user@(?!0\\.service).*\\.service");

  private static final Pattern USER_SLICE = Pattern.compile("user-(?!0\\.slice)[^-]+\\.slice");

  CgroupPath {
    names = List.copyOf(names);
  }

  /**
   * Returns the path with the highest rank in /proc/PID/cgroup. Its lines are {@code 0::PATH}
   * (version 2) or {@code N:CONTROLLERS:PATH} (version 1).
   */
  static CgroupPath deciding(String text) {
    CgroupPath best = NONE;
    for (String line : text.split("\n", -1)) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3 && fields[2].startsWith("/") && fields[2].length() > 1) {
        List<String> names = List.of(fields[2].substring(1).split("/", -1));
        CgroupPath path = new CgroupPath(fields[1], names);
        best = path.rank() > best.rank() ? path : best;
      }
    }
    return best;
  }

  private int rank() {
    if (names.isEmpty()) {
      return 0;
    }
    return hierarchy.equals(SYSTEMD) ? 3 : hierarchy.isEmpty() ? 2 : 1;
  }

  /**
   * Returns the number of names that no user chose. A user chooses the names below the manager of a
   * user (user@.service(5)), below a session of a user, and below {@code /user/NAME} of
   * pam_cgfs(8).
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

  /**
   * Returns the possible mount points of the hierarchy, relative to the root of the host. The first
   * one that exists counts.
   */
  List<String> mounts() {
    if (hierarchy.isEmpty()) {
      return List.of(MOUNTS + "/unified", MOUNTS);
    }
    return List.of(MOUNTS + "/" + hierarchy.substring(hierarchy.startsWith("name=") ? 5 : 0));
  }
}
