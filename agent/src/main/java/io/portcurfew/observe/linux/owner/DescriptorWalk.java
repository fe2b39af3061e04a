package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A walk through the descriptors of one process, some at a time: a process with many connections
 * has thousands, and they must not cost a look.
 */
final class DescriptorWalk implements AutoCloseable {

  private final ProcFs proc;
  private final int pid;
  private final @Nullable ProcessFolder folder;
  private final Map<SocketHolders, Integer> found = new HashMap<>(0);
  private int list = -1;
  private int count;
  private boolean refused;

  private DescriptorWalk(ProcFs proc, int pid) {
    this.proc = proc;
    this.pid = pid;
    folder = proc.process(pid);
    if (folder == null) {
      refused = !Refusal.PROCESS.is(proc.error());
      return;
    }
    list = folder.openDescriptors();
    refused = list < 0 && !Refusal.PROCESS.is(proc.error());
  }

  /** Begins one. */
  static DescriptorWalk begin(ProcFs proc, int pid) {
    return new DescriptorWalk(proc, pid);
  }

  int pid() {
    return pid;
  }

  /** Whether there is nothing more to read. */
  boolean ended() {
    return list < 0;
  }

  /**
   * Reads on.
   *
   * @param most about how many descriptors to read
   * @param wanted the socket with this inode, where it is one that is asked for
   * @return how many were read, and one for the call
   */
  int read(int most, LongFunction<@Nullable SocketHolders> wanted) {
    ProcessFolder process = folder;
    proc.forgetError();
    int[] descriptors = process == null || ended() ? null : process.someDescriptors(list, most);
    if (process == null || descriptors == null) {
      refused |= proc.error() != 0 && !Refusal.PROCESS.is(proc.error());
      closeList();
      return 1;
    }
    for (int descriptor : descriptors) {
      long inode = process.socketAt(descriptor);
      // A folder may list its descriptors and yet not say what they are.
      refused |= inode == 0 && proc.error() != 0 && !Refusal.PROCESS.is(proc.error());
      SocketHolders holders = inode == 0 ? null : wanted.apply(inode);
      if (holders != null) {
        found.putIfAbsent(holders, descriptor);
      }
    }
    count += descriptors.length;
    return descriptors.length + 1;
  }

  /** How many descriptors were read. */
  int count() {
    return count;
  }

  /** Whether it did not let us see all of its descriptors. */
  boolean refused() {
    return refused;
  }

  /** The process, to be taken over or closed; nothing where it cannot be looked at. */
  @Nullable ProcessFolder folder() {
    return folder;
  }

  /** The sockets that were asked for, and a descriptor of each. */
  Map<SocketHolders, Integer> found() {
    return found;
  }

  /** Ends the walk; the process is still held. */
  void closeList() {
    if (folder != null && list >= 0) {
      folder.closeDescriptors(list);
    }
    list = -1;
  }

  /** Ends the walk and lets the process go. */
  @Override
  public void close() {
    closeList();
    if (folder != null) {
      folder.close();
    }
  }
}
