package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.HookedProgram;
import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads the descriptors of one process in several parts. A process with many connections has
 * thousands of descriptors, and reading them all would make one look too slow.
 */
final class DescriptorWalk implements AutoCloseable {

  private static final int MOST_PROGRAMS = 256;

  private final ProcFs proc;
  private final NamespaceDescriptors namespaces;
  private final int pid;
  private final @Nullable ProcessFolder folder;
  private final Map<SocketHolders, Integer> found = new HashMap<>(0);
  private int list = -1;
  private int count;
  private final Set<HookedProgram> programs = new LinkedHashSet<>();
  private int registered;
  private boolean refused;
  private boolean executing;

  private DescriptorWalk(ProcFs proc, NamespaceDescriptors namespaces, int pid) {
    this.proc = proc;
    this.namespaces = namespaces;
    this.pid = pid;
    folder = proc.process(pid);
    if (folder == null) {
      refuse();
      return;
    }
    list = folder.openDescriptors();
    refused = list < 0 && !Refusal.PROCESS.is(proc.error());
  }

  private void refuse() {
    refused |= !Refusal.PROCESS.is(proc.error());
    executing |= proc.error() == Errno.EBUSY;
  }

  /** Starts a walk through the descriptors of a process. */
  static DescriptorWalk begin(ProcFs proc, NamespaceDescriptors namespaces, int pid) {
    return new DescriptorWalk(proc, namespaces, pid);
  }

  int pid() {
    return pid;
  }

  /** Returns true if there is nothing more to read. */
  boolean ended() {
    return list < 0;
  }

  /**
   * Reads the next descriptors.
   *
   * @param most the approximate number of descriptors to read
   * @param wanted returns the holders of the socket with this inode, or {@code null} if nobody asks
   *     for that socket
   * @return the number of descriptors that were read, plus one for the call
   */
  int read(int most, LongFunction<@Nullable SocketHolders> wanted) {
    ProcessFolder process = folder;
    proc.forgetError();
    int[] descriptors =
        process == null || ended() || process.isExecuting()
            ? null
            : process.someDescriptors(list, most);
    if (process == null || descriptors == null) {
      if (proc.error() != 0) {
        refuse();
      }
      closeList();
      return 1;
    }
    for (int descriptor : descriptors) {
      long inode = process.socketAt(descriptor);
      // The kernel may list the descriptors but refuse to show their targets.
      refused |= inode == 0 && proc.error() != 0 && !Refusal.PROCESS.is(proc.error());
      HookedProgram program = process.lastProgram();
      if (program != null && programs.size() < MOST_PROGRAMS) {
        programs.add(program);
      }
      SocketHolders holders = inode == 0 ? null : wanted.apply(inode);
      if (holders != null) {
        found.putIfAbsent(holders, descriptor);
      } else if (inode != 0 || !noteRegistered(process, descriptor, wanted)) {
        noteNamespace(process, inode, descriptor);
      }
    }
    count += descriptors.length;
    int read = descriptors.length + registered + 1;
    registered = 0;
    return read;
  }

  /** Returns true if the descriptor is of an io_uring with sockets. */
  private boolean noteRegistered(
      ProcessFolder process, int descriptor, LongFunction<@Nullable SocketHolders> wanted) {
    long[] sockets = process.registeredAt(descriptor);
    for (long inode : sockets) {
      SocketHolders holders = wanted.apply(inode);
      if (holders != null) {
        found.putIfAbsent(holders, descriptor);
      }
    }
    registered += sockets.length;
    return sockets.length > 0;
  }

  private void noteNamespace(ProcessFolder process, long socket, int descriptor) {
    long inode = socket == 0 ? process.namespaceOfLastLink() : 0;
    if (inode != 0) {
      namespaces.link(inode, pid, descriptor);
    } else if (socket > 0) {
      namespaces.socket(socket, pid, descriptor);
    }
  }

  /** Returns the BPF programs that were passed and can redirect traffic. */
  Set<HookedProgram> programs() {
    return programs;
  }

  /** Returns the number of descriptors that were read. */
  int count() {
    return count;
  }

  /** Returns true if the process did not show all of its descriptors. */
  boolean refused() {
    return refused;
  }

  /** Returns true if the process could not be read because it {@code executes} a program. */
  boolean executing() {
    return executing;
  }

  /**
   * Returns the process, or {@code null} if it cannot be opened. The caller takes it over or closes
   * it.
   */
  @Nullable ProcessFolder folder() {
    return folder;
  }

  /** Returns the requested sockets that were found, each with one of its descriptors. */
  Map<SocketHolders, Integer> found() {
    return found;
  }

  /** Ends the walk. The process folder stays open. */
  void closeList() {
    if (folder != null && list >= 0) {
      folder.closeDescriptors(list);
    }
    list = -1;
  }

  /** Ends the walk and closes the process folder. */
  @Override
  public void close() {
    closeList();
    if (folder != null) {
      folder.close();
    }
  }
}
