package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.owner.SocketNamespace;
import io.portcurfew.observe.linux.proc.ProcText;
import io.portcurfew.observe.linux.proc.ProcessFolder;

/** A process with a descriptor of a namespace, or of a socket in it. */
record DescriptorKeeper(ProcessFolder folder, int descriptor, boolean isSocket)
    implements NamespaceKeeper {

  @Override
  public int open() throws KernelException {
    if (folder.isExecuting()) {
      throw new KernelException("pid " + folder.pid() + " executes another program");
    }
    int fd =
        isSocket
            ? folder
                .proc()
                .copyOf(folder.pid(), () -> SocketNamespace.open(folder.pid(), descriptor))
            : folder.open(name());
    if (fd < 0) {
      String why = isSocket ? "" : ": " + Errno.describe(folder.error());
      throw new KernelException("opening it by descriptor " + descriptor + why);
    }
    return fd;
  }

  @Override
  public boolean keeps(long inode) {
    if (folder.isExecuting()) {
      return true;
    }
    if (isSocket) {
      return folder.socketAt(descriptor) != 0;
    }
    return Long.valueOf(inode).equals(ProcText.namespaceInode(folder.link(name())));
  }

  private String name() {
    return "fd/" + descriptor;
  }

  @Override
  public void close() {
    folder.close();
  }
}
