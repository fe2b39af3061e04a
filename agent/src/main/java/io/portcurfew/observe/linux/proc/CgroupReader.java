package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.linux.kernel.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads the unit and the container of a process. The owner of a group chooses the names of the
 * groups below it. Therefore only names in groups of root count (cgroups(7), "Delegating a
 * hierarchy to a less privileged user").
 */
public final class CgroupReader {

  /**
   * The maximum size of the text, which has room for every hierarchy of version 1 with the longest
   * path.
   */
  private static final int MOST_BYTES = 64 * 1024;

  private final ProcFs proc;

  /** Creates a reader for the control groups of the host with this /proc. */
  public CgroupReader(ProcFs proc) {
    this.proc = proc;
  }

  /** Returns the text of /proc/PID/cgroup as ISO 8859-1, or an empty text if it cannot be read. */
  public static String read(ProcessFolder process) {
    byte[] raw = process.read("cgroup", MOST_BYTES);
    return raw == null ? "" : new String(raw, StandardCharsets.ISO_8859_1);
  }

  /** Returns the unit and the container in the text of /proc/PID/cgroup. */
  public Cgroup of(String text) {
    CgroupPath path = CgroupPath.deciding(text);
    int proven = Math.min(path.namesAboveUsers(), namesByRoot(path));
    return Cgroup.of(path.names().subList(0, proven));
  }

  /**
   * Returns the number of names that root chose. All names count if the hierarchy is not mounted
   * here, or if the path starts outside our own cgroup namespace.
   */
  private int namesByRoot(CgroupPath path) {
    List<String> names = path.names();
    if (proc.isCaptured() || names.contains("..")) {
      return names.size();
    }
    for (String mount : path.mounts()) {
      Long root = proc.ownerOf(mount);
      if (root != null) {
        return namesIn(mount, root, names);
      }
      if (!Refusal.PATH.is(proc.error())) {
        return 0;
      }
    }
    return names.size();
  }

  private int namesIn(String mount, Long root, List<String> names) {
    String group = mount;
    for (int i = 0; i < names.size(); i++) {
      if (!root.equals(proc.ownerOf(group))) {
        return i;
      }
      group += "/" + names.get(i);
    }
    return names.size();
  }
}
