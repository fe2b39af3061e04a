package io.portcurfew.observe.linux.proc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Compares the file that a process runs with the files of the host. */
public final class FileProof {

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
   * Returns true if the mounts were made with a user namespace. In that case an unprivileged user
   * chose the paths and also the libraries of the file. Returns {@code null} if that is unknown. If
   * the mounts of the host are not readable, our own mounts are used, because the files of the host
   * are found from there.
   */
  private @Nullable Boolean isInMountsOfAUser(ProcessFolder process) {
    String host = proc.link("proc/1/ns/mnt") == null ? "proc/self/ns/" : "proc/1/ns/";
    Boolean mountsDiffer = differ(process.link("ns/mnt"), proc.link(host + "mnt"));
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

  /** Returns true if the running file is on a local file system that the host has mounted too. */
  public boolean isLocal(ProcessFolder process) {
    FilePlace place = process.place("exe");
    return place != null && tree.isLocal(place);
  }

  private static @Nullable Boolean differ(byte @Nullable [] one, byte @Nullable [] other) {
    return (one == null || other == null) ? null : Boolean.valueOf(!Arrays.equals(one, other));
  }
}
