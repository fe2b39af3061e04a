package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.linux.file.HostTree;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.ProcFs;

/** A mount of a namespace at a path in the mount namespace of a process. */
record MountKeeper(ProcFs proc, int pid, String path) implements NamespaceKeeper {

  @Override
  public int open() throws KernelException {
    if (proc.isExecuting(pid)) {
      throw new KernelException("pid " + pid + " executes another program");
    }
    HostTree.Handle handle = HostTree.of(proc, pid).open(path);
    if (handle.fd() < 0) {
      throw new KernelException("opening it by a mount of pid " + pid + ": " + handle.why());
    }
    return handle.fd();
  }

  @Override
  public boolean keeps(long inode) {
    if (proc.isExecuting(pid)) {
      return true;
    }
    FileId file = HostTree.of(proc, pid).find(path).file();
    return file != null && file.inode() == inode;
  }

  @Override
  public void close() {
    // It holds nothing.
  }
}
