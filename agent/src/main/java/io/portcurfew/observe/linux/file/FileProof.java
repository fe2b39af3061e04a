package io.portcurfew.observe.linux.file;

import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.FilePlace;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Compares the file that a process runs with the files of the host. */
public final class FileProof {

  private static final byte[] DELETED = " (deleted)".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] ROOT = {'/'};
  private static final int MOST_MOUNTINFO = 4 << 20;

  private final ProcFs proc;
  private final HostTree tree;

  /** Creates a comparison with the files of the host with this /proc. */
  public FileProof(ProcFs proc) {
    this.proc = proc;
    this.tree = new HostTree(proc);
  }

  /** Discards the known mounts of the host, so that they are read again. */
  public void beginReading() {
    tree.beginLook();
  }

  /**
   * Returns true if the file differs from the file at this path of the host, or if a user made the
   * mounts of the process. Returns {@code null} if that is unknown.
   */
  public @Nullable Boolean isElsewhere(
      ProcessFolder process, @Nullable FileId file, byte @Nullable [] path) {
    Boolean inMountsOfAUser = isInMountsOfAUser(process);
    if (Boolean.TRUE.equals(inMountsOfAUser)) {
      return true;
    }
    if (file == null || path == null || path.length == 0 || path[0] != '/') {
      return null;
    }
    HostFile hostFile = tree.find(new String(path, StandardCharsets.ISO_8859_1));
    if (hostFile.isUnknown()) {
      return null;
    }
    FileId fileAtPath = hostFile.file();
    boolean other = fileAtPath == null || !fileAtPath.isSameAs(file);
    return (other || inMountsOfAUser != null) ? Boolean.valueOf(other) : null;
  }

  /**
   * Returns true if the path of a running file has lost it, although the file may have other names:
   * the kernel appends a text to its path, and no file of the host has that name.
   */
  public boolean isUnlinked(FileId file, byte @Nullable [] path) {
    if (path == null || !endsWithDeleted(path)) {
      return false;
    }
    HostFile there = tree.find(new String(path, StandardCharsets.ISO_8859_1));
    FileId other = there.file();
    return !there.isUnknown() && (other == null || !other.isSameAs(file));
  }

  /** Returns true if a path ends with the text that the kernel appends for a deleted file. */
  public static boolean endsWithDeleted(byte[] path) {
    int length = path.length - DELETED.length;
    return length > 0 && Arrays.equals(path, length, path.length, DELETED, 0, DELETED.length);
  }

  /** Returns the path without the text that the kernel appends for a deleted file. */
  public static byte[] withoutDeleted(byte[] path) {
    return endsWithDeleted(path) ? Arrays.copyOf(path, path.length - DELETED.length) : path;
  }

  /**
   * Returns true if a running file that has no name any more is known to have been the file at this
   * path until another file replaced it, as a package upgrade does. Only root may have made the
   * file and the path, and the process sees the folder of the file at this path: it has the mounts
   * of the host, or mounts of its own that root made and that show this folder.
   *
   * @param path the path without the text that the kernel appends
   */
  public boolean isReplaced(ProcessFolder process, FileId file, byte @Nullable [] path) {
    if (path == null || path.length == 0 || path[0] != '/' || !file.isOfRootAlone()) {
      return false;
    }
    String text = new String(path, StandardCharsets.ISO_8859_1);
    HostFile now = tree.find(text);
    return now.file() != null
        && now.ofRootAlone()
        && (Boolean.FALSE.equals(hasOtherMounts(process)) || wasAtSamePosition(process, text));
  }

  /**
   * Compares the position within a file system, by the mount of the running file and by that of the
   * file of the host. The kernel keeps the folder and the last name of a file without a name
   * (d_path in fs/d_path.c), so the same position means the same folder. A path below another root
   * (chroot(2)) says nothing about the mounts that the process sees.
   */
  private boolean wasAtSamePosition(ProcessFolder process, String path) {
    if (!Boolean.FALSE.equals(isInMountsOfAUser(process))
        || !Arrays.equals(process.link("root"), ROOT)) {
      return false;
    }
    FilePlace place = process.place("exe");
    byte[] mountinfo = place == null ? null : process.readWhole("mountinfo", MOST_MOUNTINFO);
    String position =
        place == null || mountinfo == null
            ? null
            : HostMounts.parse(mountinfo).position(place, path);
    return position != null && position.equals(tree.position(path));
  }

  /**
   * Returns true if the mounts were made with a user namespace. In that case an unprivileged user
   * chose the paths and also the libraries of the file. Returns {@code null} if that is unknown. If
   * the mounts of the host are not readable, our own mounts are used, because the files of the host
   * are found from there.
   */
  private @Nullable Boolean isInMountsOfAUser(ProcessFolder process) {
    String host = hostNamespaces();
    Boolean mountsDiffer = hasOtherMounts(process);
    if (proc.isCaptured() || Boolean.FALSE.equals(mountsDiffer)) {
      return false;
    }
    byte[] users = process.link("ns/user");
    byte[] hostUsers = proc.link(host + "user");
    boolean kernelHasUserNamespaces = users != null || hostUsers != null;
    return mountsDiffer == null
        ? null
        : kernelHasUserNamespaces ? differ(users, hostUsers) : Boolean.FALSE;
  }

  private @Nullable Boolean hasOtherMounts(ProcessFolder process) {
    return differ(process.link("ns/mnt"), proc.link(hostNamespaces() + "mnt"));
  }

  private String hostNamespaces() {
    return proc.link("proc/1/ns/mnt") == null ? "proc/self/ns/" : "proc/1/ns/";
  }

  /** Returns true if the running file is on a local file system that the host has mounted too. */
  public boolean isLocal(ProcessFolder process) {
    FilePlace place = process.place("exe");
    return place != null && tree.isLocal(place);
  }

  private static @Nullable Boolean differ(byte @Nullable [] one, byte @Nullable [] other) {
    return (one == null || other == null) ? null : Boolean.valueOf(!Arrays.equals(one, other));
  }
}
