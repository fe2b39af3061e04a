package io.portcurfew.observe.linux.proc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Compares the file that a process runs with the files of the host. */
public final class FileProof {

  private final ProcFs proc;
  private final HostTree tree;

  public FileProof(ProcFs proc) {
    this.proc = proc;
    this.tree = new HostTree(proc);
  }

  /** Has the mounts of the host read again. */
  public void beginReading() {
    tree.beginLook();
  }

  /**
   * Whether the file is another one than that at this path of the host, or is in mounts of a user;
   * {@code null} where that cannot be said.
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
    HostFile ours = tree.find(new String(path, StandardCharsets.ISO_8859_1));
    if (ours.isUnknown()) {
      return null;
    }
    FileId there = ours.file();
    boolean other = there == null || !there.isSameAs(file);
    return (other || inMountsOfAUser != null) ? Boolean.valueOf(other) : null;
  }

  /**
   * Whether its mounts were made with the help of a user namespace: then an unprivileged user chose
   * its paths, and the libraries of the file too. {@code null} where that cannot be said. Where the
   * host's mounts are closed to us, ours stand for them: the host's files are found from there.
   */
  private @Nullable Boolean isInMountsOfAUser(ProcessFolder process) {
    String host = proc.link("proc/1/ns/mnt") == null ? "proc/self/ns/" : "proc/1/ns/";
    Boolean ofOthers = differ(process.link("ns/mnt"), proc.link(host + "mnt"));
    if (proc.isCaptured() || Boolean.FALSE.equals(ofOthers)) {
      return false;
    }
    byte[] users = process.link("ns/user");
    byte[] hostUsers = proc.link(host + "user");
    boolean kernelHasThem = users != null || hostUsers != null;
    return ofOthers == null ? null : kernelHasThem ? differ(users, hostUsers) : Boolean.FALSE;
  }

  /** Whether the running file is on a local file system that the host has mounted too. */
  public boolean isLocal(ProcessFolder process) {
    FilePlace place = process.place("exe");
    return place != null && tree.isLocal(place);
  }

  private static @Nullable Boolean differ(byte @Nullable [] one, byte @Nullable [] other) {
    return (one == null || other == null) ? null : Boolean.valueOf(!Arrays.equals(one, other));
  }
}
