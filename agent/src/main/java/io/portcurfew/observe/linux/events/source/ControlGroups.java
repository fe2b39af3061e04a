package io.portcurfew.observe.linux.events.source;

import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/** The root of the control groups of this host, to which all its processes belong. */
final class ControlGroups {

  /** The only hierarchy, or the one beside those of version 1. */
  private static final List<String> USUAL = List.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified");

  private static final int MOST = 1 << 20;

  private ControlGroups() {}

  /**
   * Opens the root of the hierarchy of version 2. A host that also has hierarchies of version 1 has
   * it beside them; a container may have its own part of it and that of the host.
   *
   * @throws KernelException where there is none, or only that of a container
   */
  static int openRoot(ProcFs files) throws KernelException {
    byte[] mounts = files.readWhole("proc/self/mountinfo", MOST);
    if (mounts == null) {
      throw new KernelException("reading /proc/self/mountinfo", files.error());
    }
    KernelException refusal =
        new KernelException(
            "this host has control groups of version 1 alone: no file system of type cgroup2 is"
                + " mounted");
    List<String> folders = folders(new String(mounts, StandardCharsets.ISO_8859_1));
    for (String folder : folders) {
      try {
        return openRoot(files, folder);
      } catch (KernelException no) {
        refusal = folder.equals(folders.get(0)) ? no : refusal;
      }
    }
    throw refusal;
  }

  private static int openRoot(ProcFs files, String folder) throws KernelException {
    // cgroup-v2.rst: cgroup.type exists on every control group but the root.
    int type = files.open(folder.substring(1) + "/cgroup.type", Libc.O_RDONLY);
    if (type >= 0) {
      files.close(type);
      throw new KernelException(
          folder + " is not the root of the control groups: the agent is in a container");
    }
    if (files.error() != Errno.ENOENT) {
      throw new KernelException("opening " + folder + "/cgroup.type", files.error());
    }
    int root = files.open(folder.substring(1), Libc.O_RDONLY);
    if (root < 0) {
      throw new KernelException("opening " + folder, files.error());
    }
    return root;
  }

  /**
   * Finds where the hierarchy of version 2 is mounted, the usual places first.
   *
   * @param mountinfo as in proc_pid_mountinfo(5)
   */
  static List<String> folders(String mountinfo) {
    return mountinfo
        .lines()
        .filter(line -> line.contains(" - cgroup2 "))
        .map(line -> line.split(" ", -1)[4])
        .filter(folder -> !folder.contains("\\"))
        .sorted(Comparator.comparing(folder -> !USUAL.contains(folder)))
        .toList();
  }
}
