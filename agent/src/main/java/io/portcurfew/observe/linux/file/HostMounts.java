package io.portcurfew.observe.linux.file;

import io.portcurfew.observe.linux.proc.FilePlace;
import io.portcurfew.observe.linux.proc.ProcText;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of the file systems that the host has mounted, by proc_pid_mountinfo(5).
 *
 * @param byMount by the number of the mount
 * @param byDevice by device, for kernels before 5.8, whose statx(2) does not give that number
 * @param trees the file systems at /, /run and /run/netns, each by its device and its root there;
 *     empty if there is no root
 */
record HostMounts(
    Map<Integer, MountLine> byMount, Map<Long, String> byDevice, SortedMap<String, String> trees) {

  /** Those that answer from a disk or from memory of this host, and never wait for another one. */
  private static final Set<String> LOCAL =
      Set.of(
          "bcachefs",
          "btrfs",
          "cramfs",
          "devtmpfs",
          "erofs",
          "exfat",
          "ext2",
          "ext3",
          "ext4",
          "f2fs",
          "iso9660",
          "jffs2",
          "jfs",
          "nilfs2",
          "nsfs",
          "overlay",
          "ramfs",
          "reiserfs",
          "romfs",
          "rootfs",
          "squashfs",
          "tmpfs",
          "ubifs",
          "udf",
          "vfat",
          "xfs",
          "zfs");

  /** The mount points that show if a process sees the files and named namespaces of another. */
  private static final Set<String> TREES = Set.of("/", "/run", "/run/netns");

  /** Reads the text; a line that cannot be read, or was cut off, is left out. */
  static HostMounts parse(byte[] mountinfo) {
    Map<Integer, MountLine> byMount = new HashMap<>();
    Map<Long, String> byDevice = new HashMap<>();
    SortedMap<String, String> trees = new TreeMap<>();
    for (MountLine line : MountLine.parse(mountinfo)) {
      String[] numbers = line.device().split(":", -1);
      if (numbers.length != 2) {
        continue;
      }
      Long major = ProcText.number(numbers[0]);
      Long minor = ProcText.number(numbers[1]);
      byMount.put(line.id(), line);
      if (TREES.contains(line.point())) {
        trees.put(line.point(), line.device() + " " + line.root());
      }
      if (major != null && minor != null) {
        byDevice.put(major << 32 | minor, line.kind());
      }
    }
    return new HostMounts(byMount, byDevice, trees);
  }

  /** The kind of the file system of a place; {@code null} where it is not known. */
  @Nullable String kind(FilePlace place) {
    return place.mount() != null ? kindOf(place.mount()) : byDevice.get(place.device());
  }

  private @Nullable String kindOf(int mount) {
    MountLine line = byMount.get(mount);
    return line == null ? null : line.kind();
  }

  /**
   * Returns the device and the path within its file system of a file; {@code null} if its mount is
   * not known, as before Linux 5.8.
   *
   * @param path where the file is seen, without links
   */
  @Nullable String position(FilePlace place, String path) {
    MountLine line = place.mount() == null ? null : byMount.get(place.mount());
    return line == null ? null : line.position(path);
  }

  static boolean isLocal(String kind) {
    return LOCAL.contains(kind);
  }

  /**
   * Returns true if the host has mounted the file system of a place too, and it is a local one: a
   * file in a container has a mount of its own, and the device of a mount of the host.
   */
  boolean isLocalAnywhere(FilePlace place) {
    String kind = place.mount() == null ? null : kindOf(place.mount());
    String known = kind == null ? byDevice.get(place.device()) : kind;
    return known != null && isLocal(known);
  }
}
