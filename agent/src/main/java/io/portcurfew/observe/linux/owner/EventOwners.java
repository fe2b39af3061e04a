package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.HostTree;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.observe.linux.proc.UserNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

  /** Reads the processes of the host below this root. */
  public EventOwners(Path root) {
    proc = new ProcFs(root);
    tree = new HostTree(proc);
    users = new UserNames(root);
    executables = new Executables(root, proc);
    reader = new ProcessOwnerReader(root, proc, executables);
  }

  /**
   * Returns the facts of a process that runs; {@code null} if it has ended or is about to, its pid
   * means another process now, or it runs another program.
   *
   * @param startTicks its start, which identifies it
   * @param device of the program that it has to run
   * @param inode of that program; 0 if it may run any
   */
  public @Nullable Owner running(int pid, long startTicks, long device, long inode) {
    ProcessFolder folder = proc.process(pid);
    if (folder == null) {
      return null;
    }
    try (folder) {
      Long start = ProcessOwnerReader.startTicks(folder);
      OwnerReading reading = start == null || start != startTicks ? null : reader.read(folder);
      return reading != null && runs(reading, device, inode) ? reading.owner() : null;
    }
  }

  private static boolean runs(OwnerReading reading, long device, long inode) {
    FileId file = reading.identity().executable();
    return file != null && (inode == 0 || (file.device() == device && file.inode() == inode));
  }

  /**
   * Returns what is known of a process that has ended.
   *
   * @param path of its program, as ISO-8859-1
   * @param device of its program, as the kernel reported it at execve(2); 0 if unknown
   * @param inHostMounts true if the path is one of the host's own mount namespace
   */
  public Owner ended(
      int pid,
      @Nullable HostText name,
      @Nullable String path,
      @Nullable Long uid,
      long device,
      long inode,
      boolean inHostMounts) {
    boolean isProven = inHostMounts && path != null && inode != 0 && isAt(path, device, inode);
    return new Owner(
        pid,
        name,
        path == null ? null : HostText.of(path.getBytes(StandardCharsets.ISO_8859_1)),
        uid == null ? null : users.name(uid),
        uid,
        isProven ? OwnerDetails.NONE.withElsewhere(false) : OwnerDetails.NONE);
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
