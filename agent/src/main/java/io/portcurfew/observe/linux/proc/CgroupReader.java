package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.linux.kernel.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads the unit and the container of a process. A name in the path of a control group was chosen
 * by the owner of the group above it, so only names in groups of root count (cgroups(7),
 * "Delegating a hierarchy to a less privileged user").
 */
public final class CgroupReader {

  /** Every hierarchy of version 1 with the longest path fits. */
  private static final int MOST_BYTES = 64 * 1024;

  private final ProcFs proc;

  /** The control groups of the host with this /proc. */
  public CgroupReader(ProcFs proc) {
    this.proc = proc;
  }

  /** The name of a process in namespaces: its container, else its unit; empty for neither. */
  public static String label(ProcessFolder process) {
    Cgroup group = new CgroupReader(process.proc()).of(read(process));
    Object label = group.container() != null ? group.container() : group.unit();
    return label == null ? "" : label.toString();
  }

  /** The text of /proc/PID/cgroup, byte for byte as ISO 8859-1; empty where it cannot be read. */
  public static String read(ProcessFolder process) {
    byte[] raw = process.read("cgroup", MOST_BYTES);
    return raw == null ? "" : new String(raw, StandardCharsets.ISO_8859_1);
  }

  /** The unit and the container in the text of /proc/PID/cgroup. */
  public Cgroup of(String text) {
    CgroupPath path = CgroupPath.deciding(text);
    int proven = Math.min(path.namesAboveUsers(), namesByRoot(path));
    return Cgroup.of(path.names().subList(0, proven));
  }

  /** All names where the hierarchy is not mounted here, or is shown from outside of our own. */
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
