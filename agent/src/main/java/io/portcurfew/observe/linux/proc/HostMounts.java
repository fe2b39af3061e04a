package io.portcurfew.observe.linux.proc;

import java.nio.charset.StandardCharsets;
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
    Map<Integer, String> byMount, Map<Long, String> byDevice, SortedMap<String, String> trees) {

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
    Map<Integer, String> byMount = new HashMap<>();
    Map<Long, String> byDevice = new HashMap<>();
    SortedMap<String, String> trees = new TreeMap<>();
    String text = new String(mountinfo, StandardCharsets.ISO_8859_1);
    int end = text.lastIndexOf('\n');
    for (String line : text.substring(0, Math.max(end, 0)).split("\n", -1)) {
      int separator = line.indexOf(" - ");
      String[] words = line.split(" ", 6);
      String[] numbers = words.length < 6 ? new String[0] : words[2].split(":", -1);
      Long mount = ProcText.number(words[0]);
      if (separator < 0 || mount == null || numbers.length != 2) {
        continue;
      }
      Long major = ProcText.number(numbers[0]);
      Long minor = ProcText.number(numbers[1]);
      String kind = line.substring(separator + 3).split(" ", 2)[0];
      byMount.put(mount.intValue(), kind);
      if (TREES.contains(words[4])) {
        trees.put(words[4], words[2] + " " + words[3]);
      }
      if (major != null && minor != null) {
        byDevice.put(major << 32 | minor, kind);
      }
    }
    return new HostMounts(byMount, byDevice, trees);
  }

  /** The kind of the file system of a place; {@code null} where it is not known. */
  @Nullable String kind(FilePlace place) {
    return place.mount() != null ? byMount.get(place.mount()) : byDevice.get(place.device());
  }

  static boolean isLocal(String kind) {
    return LOCAL.contains(kind);
  }

  /**
   * Whether the host has mounted the file system of a place too, and it is a local one: a file in a
   * container has a mount of its own, and the device of a mount of the host.
   */
  boolean isLocalAnywhere(FilePlace place) {
    String kind = place.mount() == null ? null : byMount.get(place.mount());
    String known = kind == null ? byDevice.get(place.device()) : kind;
    return known != null && isLocal(known);
  }
}
