package io.portcurfew.observe.linux.file;

import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.proc.FilePlace;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of the host as its first process sees them. Mounts of the agent's own service, and of
 * users in mount namespaces of their own, do not count.
 *
 * <p>A path is walked one name at a time, and only over file systems that answer from this host. A
 * file on any other one, as on FUSE or NFS, is unknown: its server could let the agent wait for
 * ever. openat2(2) with RESOLVE_CACHED would do the same in one call; systemd refuses it to a unit
 * with RestrictSUIDSGID. Mounts are read once a look, or after a change. Not for two threads at
 * once.
 */
public final class HostTree implements AutoCloseable {

  private static final int MOST_MOUNTINFO = 4 << 20;
  private static final int MOST_NAMES = 4096;
  private static final int FIRST = 1;

  /** The first process may enter other mounts, of which its open mountinfo says nothing. */
  private static final int LOOKS_UNTIL_OPENED_AGAIN = 16;

  private final ProcFs proc;
  private final boolean captured;
  private final int pid;
  private final boolean watches;
  private int mountinfoFd = -1;
  private int looks;
  private @Nullable HostMounts mounts;
  private byte[] mountinfo = new byte[0];
  private HostMounts ofMountinfo = HostMounts.parse(mountinfo);

  /**
   * The files of a host.
   *
   * @param proc its /proc; of a captured host the files are below the same folder
   */
  public HostTree(ProcFs proc) {
    this(proc, FIRST);
  }

  private HostTree(ProcFs proc, int pid) {
    this(proc, pid, false);
  }

  private HostTree(ProcFs proc, int pid, boolean watches) {
    this.proc = proc;
    this.pid = pid;
    this.captured = proc.isCaptured();
    this.watches = watches && !captured;
  }

  /** The files of a host for many looks, which read the mounts only after a change. */
  public static HostTree watching(ProcFs proc) {
    return new HostTree(proc, FIRST, true);
  }

  /** The files as another process sees them, in its mount namespace and below its root. */
  public static HostTree of(ProcFs proc, int pid) {
    return new HostTree(proc, pid);
  }

  /** The names in a folder: the answer for the folder itself, and its entries if it was found. */
  public record Names(HostFile folder, List<String> names, boolean all) {}

  /**
   * Has the mounts read anew where they may have changed: another look begins.
   *
   * @return true if they may have changed
   */
  public boolean beginLook() {
    looks++;
    boolean changed =
        mountinfoFd < 0 || looks >= LOOKS_UNTIL_OPENED_AGAIN || proc.hasChanged(mountinfoFd);
    if (changed) {
      close();
      mounts = null;
    }
    return changed;
  }

  /** Ends the watch of the mounts. */
  @Override
  public void close() {
    if (mountinfoFd >= 0) {
      proc.close(mountinfoFd);
    }
    mountinfoFd = -1;
  }

  /** The file of an absolute path, byte for byte as ISO 8859-1. */
  public HostFile find(String absolute) {
    try (HostWalk walk = new HostWalk(this, proc)) {
      return walk.to(absolute);
    }
  }

  /** The files of these names in a folder, in one walk; a name holds no slash. */
  public SortedMap<String, HostFile> findIn(String folder, List<String> names) {
    SortedMap<String, HostFile> files = new TreeMap<>();
    try (HostWalk walk = new HostWalk(this, proc)) {
      boolean found = walk.to(folder).state() == HostFile.State.FOUND;
      for (String name : names) {
        HostFile entry = found ? walk.entry(name) : null;
        files.put(name, entry == null ? find(folder + "/" + name) : entry);
      }
    }
    return files;
  }

  /**
   * Returns the device and the path within its file system of the file at an absolute path. They
   * are the same in each mount namespace that has the folder of the file.
   *
   * @return {@code null} if the file is absent or unknown, a link is on the way to it, or the mount
   *     is not known
   */
  @Nullable String position(String absolute) {
    try (HostWalk walk = new HostWalk(this, proc)) {
      return walk.to(absolute).state() == HostFile.State.FOUND ? walk.position(absolute) : null;
    }
  }

  /**
   * The file of a path, and the path behind all links.
   *
   * @param path byte for byte as ISO 8859-1; of a file that was not found, as far as the walk came
   * @param owners the users who own the file, and the folders and links of its path
   * @param othersWrite true if others than these owners can change one of them
   */
  public record Resolved(HostFile file, String path, Set<Long> owners, boolean othersWrite) {

    public Resolved {
      owners = Set.copyOf(owners);
    }

    /** Returns true if only root and this user can change what the path leads to. */
    boolean isOf(long uid) {
      return !othersWrite && owners.stream().allMatch(owner -> owner == 0 || owner == uid);
    }
  }

  /** The file of an absolute path and the path behind its links, byte for byte as ISO 8859-1. */
  public Resolved resolve(String absolute) {
    try (HostWalk walk = new HostWalk(this, proc)) {
      return walk.resolve(absolute);
    }
  }

  /**
   * A file that was opened for reading.
   *
   * @param fd the descriptor, which the caller closes; -1 where the file cannot be opened
   * @param why the error then
   */
  public record Handle(int fd, String why) {}

  /** Opens the file of an absolute path for reading. */
  public Handle open(String absolute) {
    try (HostWalk walk = new HostWalk(this, proc)) {
      HostFile file = walk.to(absolute);
      int fd = walk.reopen();
      if (fd >= 0) {
        return new Handle(fd, "");
      }
      return switch (file.state()) {
        case FOUND -> new Handle(-1, Errno.describe(proc.error()));
        case ABSENT -> new Handle(-1, Errno.describe(Errno.ENOENT));
        case CANNOT_TELL -> new Handle(-1, file.why());
      };
    }
  }

  /**
   * Reads a file that only root can write, byte for byte. What others can write or replace proves
   * nothing and is not read: a folder or a link of theirs may lead to another file of root.
   *
   * @return {@code null} if it is absent, others can write to it or to a part of its path, it is
   *     larger, or it cannot be read
   */
  public byte @Nullable [] readOfRoot(String absolute, int most) {
    try (HostWalk walk = new HostWalk(this, proc)) {
      HostFile file = walk.to(absolute);
      if (file.file() == null || !(captured || file.ofRootAlone())) {
        return null;
      }
      int fd = walk.reopen();
      byte[] content = fd < 0 ? null : proc.readWholeAndClose(fd, most + 1);
      return content == null || content.length > most ? null : content;
    }
  }

  /** The names in a folder of the host, at most {@value #MOST_NAMES}. */
  public Names names(String absolute) {
    try (HostWalk walk = new HostWalk(this, proc)) {
      HostFile folder = walk.to(absolute);
      if (folder.state() != HostFile.State.FOUND) {
        return new Names(folder, List.of(), true);
      }
      int list = walk.reopen();
      List<String> names = list < 0 ? null : proc.names(list, MOST_NAMES + 1);
      String why = Errno.describe(proc.error());
      proc.close(list);
      if (names == null) {
        return new Names(HostFile.cannotTell(why), List.of(), false);
      }
      boolean all = names.size() <= MOST_NAMES;
      return new Names(folder, all ? names : names.subList(0, MOST_NAMES), all);
    }
  }

  /**
   * True if a file is on a local file system that the host has mounted too. The server of any other
   * one, as of FUSE, may let a reader wait, and show it another content than it executes.
   */
  boolean isLocal(FilePlace place) {
    return captured || mounts().isLocalAnywhere(place);
  }

  /** The mounts of this look. */
  HostMounts mounts() {
    HostMounts known = mounts;
    if (known == null) {
      byte[] text = mountinfo();
      known = parsed(text == null ? new byte[0] : text);
      mounts = known;
    }
    return known;
  }

  private byte @Nullable [] mountinfo() {
    String file = "proc/" + pid + "/mountinfo";
    if (!watches) {
      return proc.readWhole(file, MOST_MOUNTINFO);
    }
    close();
    looks = 0;
    mountinfoFd = proc.open(file, Libc.O_RDONLY);
    byte[] text = proc.readWhole(mountinfoFd, MOST_MOUNTINFO);
    if (text == null) {
      close();
    }
    return text;
  }

  /** The link in /proc to the root of the process. */
  String root() {
    return "proc/" + pid + "/root";
  }

  /** Parses the mounts, which are the same in nearly every look. */
  private HostMounts parsed(byte[] text) {
    if (!Arrays.equals(text, mountinfo)) {
      ofMountinfo = HostMounts.parse(text);
      mountinfo = text;
    }
    return ofMountinfo;
  }

  /**
   * True if this process sees the same root and the same named namespaces as the first one, also in
   * a copy of its mounts (unshare(2)): everybody may read the mounts of the first process.
   */
  boolean isOurs() {
    if (pid != FIRST) {
      return false;
    }
    SortedMap<String, String> hosts = mounts().trees();
    byte[] text =
        hosts.containsKey("/") ? proc.readWhole("proc/self/mountinfo", MOST_MOUNTINFO) : null;
    if (text == null) {
      return false;
    }
    HostMounts own = HostMounts.parse(text);
    if (!own.trees().equals(hosts)) {
      return false;
    }
    // A copy of the mounts has numbers of its own; a watch would be of those of the first process.
    close();
    mounts = own;
    return true;
  }
}
