package io.portcurfew.doctor;

import java.util.Arrays;
import java.util.List;

/**
 * The mount option hidepid of /proc, which hides processes of other users
 * (Documentation/filesystems/proc.rst, 4.1).
 */
enum HidePid {
  /** Shows all processes. */
  OFF,
  /** Shows that processes exist, but no details. */
  NOACCESS,
  /** Hides the processes. */
  INVISIBLE,
  /** Hides the processes that this process may not trace; a group does not help. */
  PTRACEABLE;

  /**
   * Parses /proc/PID/mountinfo. The last mount on /proc covers earlier ones. The fields after the
   * single hyphen are type, source and options (proc_pid_mountinfo(5)).
   */
  static HidePid of(String mountinfo) {
    HidePid last = OFF;
    for (String line : mountinfo.split("\n", -1)) {
      List<String> fields = Arrays.asList(line.split(" ", -1));
      int hyphen = fields.indexOf("-");
      if (hyphen > 4 && fields.size() > hyphen + 3 && fields.get(4).equals("/proc")) {
        last = ofOptions(fields.get(hyphen + 3));
      }
    }
    return last;
  }

  private static HidePid ofOptions(String options) {
    for (String option : options.split(",", -1)) {
      if (option.startsWith("hidepid=")) {
        return ofValue(option.substring(8));
      }
    }
    return OFF;
  }

  /** The value is a number before Linux 5.8 and a word since. */
  private static HidePid ofValue(String value) {
    return switch (value) {
      case "1", "noaccess" -> NOACCESS;
      case "2", "invisible" -> INVISIBLE;
      case "4", "ptraceable" -> PTRACEABLE;
      default -> OFF;
    };
  }
}
