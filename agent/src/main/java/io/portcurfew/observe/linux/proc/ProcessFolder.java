package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.linux.kernel.Libc;
import org.jspecify.annotations.Nullable;

/**
 * A process, held by its folder in /proc. After its end nothing can be read through this any more,
 * even if another process gets its number: all that is read through one folder is of one process.
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

  /** Its number in /proc. */
  public int pid() {
    return pid;
  }

  /** The /proc in which it is. */
  ProcFs proc() {
    return proc;
  }

  /** The error number of the last call here that failed. */
  public int error() {
    return proc.error();
  }

  /** The first bytes of one of its files; {@code null} where it cannot be read. */
  public byte @Nullable [] read(String name, int most) {
    return proc.readAt(fd, name, most);
  }

  /** The bytes of one of its links; {@code null} where it cannot be read. */
  public byte @Nullable [] link(String name) {
    return proc.linkAt(fd, name);
  }

  /** The file behind one of its links, and for {@code "."} its folder. */
  @Nullable FileId file(String name) {
    return proc.fileAt(fd, name);
  }

  /** The mount of the file behind one of its links. */
  @Nullable FilePlace place(String name) {
    return proc.placeAt(fd, name);
  }

  /** Opens one of its files; -1 where that fails. The caller closes it. */
  public int open(String name) {
    return proc.openAt(fd, name, Libc.O_RDONLY);
  }

  /** The inode of the socket at a descriptor; 0 where there is none. */
  public long socketAt(int descriptor) {
    return proc.socketAt(fd, descriptor);
  }

  /** Opens the list of its descriptors; -1 where that fails. */
  public int openDescriptors() {
    return open("fd");
  }

  /** The next of its descriptors from that list, about {@code most}; {@code null} at its end. */
  public int @Nullable [] someDescriptors(int list, int most) {
    return proc.someNumbers(list, most);
  }

  public void closeDescriptors(int list) {
    proc.close(list);
  }

  @Override
  public void close() {
    proc.close(fd);
  }
}
