package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.linux.file.HostTree;
import io.portcurfew.observe.linux.file.UserNames;
import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Describes the process of an event as an owner, also after it has ended. Not for two threads at
 * once.
 */
public final class EventOwners implements AutoCloseable {

  private final ProcFs proc;
  private final HostTree tree;
  private final UserNames users;
  private final Executables executables;
  private final ProcessOwnerReader reader;

  /**
   * Reads the processes of a host.
   *
   * @param proc its /proc, which nothing else reads
   */
  public EventOwners(Path root, ProcFs proc) {
    this.proc = proc;
    tree = new HostTree(proc);
    users = new UserNames(root);
    executables = new Executables(root, proc);
    reader = new ProcessOwnerReader(root, proc, executables);
  }

  /**
   * Returns the facts of a process that runs; {@code null} if it has ended or is about to, or its
   * pid means another process now.
   *
   * @param startTicks its start, which identifies it
   */
  public @Nullable Owner running(int pid, long startTicks) {
    try (ProcessFolder folder = proc.process(pid)) {
      OwnerReading reading = folder == null ? null : read(folder, startTicks);
      return reading == null ? null : OwnerPaths.ofEvent(reading.owner());
    }
  }

  /**
   * Returns the same of a process that still runs a program; {@code null} if it runs another one.
   *
   * @param path of the program, as ISO-8859-1
   * @param device of its file
   * @param inode of its file; 0 if only the path is known
   */
  public @Nullable Owner running(int pid, long startTicks, String path, long device, long inode) {
    try (ProcessFolder folder = proc.process(pid)) {
      OwnerReading reading = folder == null ? null : read(folder, startTicks);
      FileId file = reading == null ? null : reading.identity().executable();
      if (folder == null || reading == null || file == null) {
        return null;
      }
      // After the reading, so that a program that is executed meanwhile is noticed.
      byte[] link = folder.link("exe");
      boolean isThere = link != null && path.equals(latin(link));
      boolean isSame = inode == 0 || (file.device() == device && file.inode() == inode);
      return isThere && isSame ? OwnerPaths.ofEvent(reading.owner()) : null;
    }
  }

  private @Nullable OwnerReading read(ProcessFolder folder, long startTicks) {
    Long start = ProcessOwnerReader.startTicks(folder);
    OwnerReading reading = start == null || start != startTicks ? null : reader.read(folder);
    return reading == null || reading.identity().executable() == null ? null : reading;
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /**
   * Returns what is known of a process that has ended.
   *
   * @param path of its program, as ISO-8859-1
   * @param uid its effective user
   * @param realUid the user who started it
   * @param device of its program, as the kernel reported it at execve(2); 0 if unknown
   * @param inHostMounts true if the path is one of the host's own mount namespace
   */
  public Owner ended(
      int pid,
      @Nullable HostText name,
      @Nullable String path,
      @Nullable Long uid,
      @Nullable Long realUid,
      long device,
      long inode,
      boolean inHostMounts) {
    boolean isProven = inHostMounts && path != null && inode != 0 && isAt(path, device, inode);
    OwnerDetails details =
        OwnerDetails.builder()
            .elsewhere(isProven ? Boolean.FALSE : null)
            .realUid(Objects.equals(realUid, uid) ? null : realUid)
            .build();
    return OwnerPaths.ofEvent(
        new Owner(
            pid,
            name,
            path == null ? null : HostText.of(path.getBytes(StandardCharsets.ISO_8859_1)),
            uid == null ? null : users.name(uid),
            uid,
            details));
  }

  /** True if the host has this very file at the path. */
  private boolean isAt(String path, long device, long inode) {
    tree.beginLook();
    FileId file = tree.find(path).file();
    return file != null && file.device() == device && file.inode() == inode;
  }

  @Override
  public void close() {
    executables.close();
  }
}
