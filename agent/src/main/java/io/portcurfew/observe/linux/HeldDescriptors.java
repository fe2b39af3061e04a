package io.portcurfew.observe.linux;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a look through the descriptors of one process found.
 *
 * @param folder the process, to be taken over or closed; nothing where it cannot be looked at
 * @param found the sockets that were asked for, and a descriptor of each
 * @param read how many descriptors there were, and one for the process itself
 * @param refused whether it did not let us see all of them
 */
record HeldDescriptors(
    @Nullable ProcessFolder folder, Map<SocketHolders, Integer> found, int read, boolean refused) {

  /**
   * Reads them.
   *
   * @param wanted the socket with this inode, where it is one that is asked for
   */
  static HeldDescriptors read(ProcFs proc, int pid, LongFunction<@Nullable SocketHolders> wanted) {
    ProcessFolder folder = proc.process(pid);
    if (folder == null) {
      return nothing(proc.error() == Errno.EMFILE);
    }
    int[] descriptors = folder.descriptors();
    if (descriptors == null) {
      folder.close();
      return nothing(true);
    }
    boolean refused = false;
    Map<SocketHolders, Integer> found = new HashMap<>(0);
    proc.forgetError();
    for (int descriptor : descriptors) {
      long inode = folder.socketAt(descriptor);
      // A folder may list its descriptors and yet not say what they are.
      refused |= inode == 0 && proc.error() == Errno.EACCES;
      SocketHolders holders = inode == 0 ? null : wanted.apply(inode);
      if (holders != null) {
        found.putIfAbsent(holders, descriptor);
      }
    }
    return new HeldDescriptors(folder, found, descriptors.length + 1, refused);
  }

  private static HeldDescriptors nothing(boolean refused) {
    return new HeldDescriptors(null, Map.of(), 1, refused);
  }
}
