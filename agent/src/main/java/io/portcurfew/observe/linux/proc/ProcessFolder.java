package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.linux.kernel.Libc;
import org.jspecify.annotations.Nullable;

/**
 * A process, held by its folder in /proc. Once it has ended nothing can be read through this any
 * more, whoever gets its number next: what was read through one folder was read of one process.
 */
public final class ProcessFolder implements AutoCloseable {

  private final ProcFs proc;
  private final int pid;
  private final int fd;

  ProcessFolder(ProcFs proc, int pid, int fd) {
    this.proc = proc;
    this.pid = pid;
    this.fd = fd;
  }

  public int pid() {
    return pid;
  }

  /** The first bytes of one of its files. */
  public byte @Nullable [] read(String name, int most) {
    return proc.readAt(fd, name, most);
  }

  /** What one of its links says. */
  public byte @Nullable [] link(String name) {
    return proc.linkAt(fd, name);
  }

  /** The file behind one of its links, and for {@code "."} its folder, whose owner it has. */
  ProcFs.@Nullable FileId file(String name) {
    return proc.fileAt(fd, name);
  }

  /** Opens one of its files; -1 where it cannot be. The caller closes it. */
  public int open(String name) {
    return proc.openAt(fd, name, Libc.O_RDONLY);
  }

  /** The inode of the socket at a descriptor; 0 where there is none. */
  long socketAt(int descriptor) {
    return proc.socketAt(fd, descriptor);
  }

  /** Opens the list of its descriptors; -1 once it has ended or where we have no right to it. */
  int openDescriptors() {
    return open("fd");
  }

  /** The next of its descriptors from that list, about so many; nothing once there are no more. */
  int @Nullable [] someDescriptors(int list, int most) {
    return proc.someNumbers(list, most);
  }

  void closeDescriptors(int list) {
    proc.close(list);
  }

  @Override
  public void close() {
    proc.close(fd);
  }
}
