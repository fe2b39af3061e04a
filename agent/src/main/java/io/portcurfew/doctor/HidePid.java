package io.portcurfew.doctor;

import java.util.Arrays;
import java.util.List;

/**
 * What /proc shows of the processes of others: its mount option hidepid
 * (Documentation/filesystems/proc.rst, 4.1).
 */
enum HidePid {
  /** All of them. */
  OFF,
  /** That they are there, but not what they do. */
  NOACCESS,
  /** Nothing. */
  INVISIBLE,
  /** Nothing, and membership in a group does not help. */
  PTRACEABLE;

  /**
   * Reads /proc/PID/mountinfo, in which the last mount on /proc covers those before; the fields
   * behind the lone hyphen are type, source and options (proc_pid_mountinfo(5)).
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

  /** Numbers before Linux 5.8, words since. */
  private static HidePid ofValue(String value) {
    return switch (value) {
      case "1", "noaccess" -> NOACCESS;
      case "2", "invisible" -> INVISIBLE;
      case "4", "ptraceable" -> PTRACEABLE;
      default -> OFF;
    };
  }
}
