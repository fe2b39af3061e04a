package io.portcurfew.observe.linux.namespace;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.file.HostTree;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KeptTexts;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.SocketCounts;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.netlink.DiagTable;
import io.portcurfew.observe.linux.netlink.NetworkLinks;
import io.portcurfew.observe.linux.netlink.SockDiag;
import io.portcurfew.observe.linux.netlink.TunnelPorts;
import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.observe.linux.procnet.ProcNetTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Opens the network namespaces of a running host. */
public final class NamespaceEntry implements NamespaceOpener {

  /** linux/sched.h. */
  private static final int CLONE_NEWNET = 0x40000000;

  /**
   * The tables that each look at other sockets of a namespace reads first, and those that name the
   * tables of iptables-legacy, where the kernel has it.
   */
  private static final List<String> KEPT =
      List.of("protocols", "dev", "ip_tables_names", "ip6_tables_names");

  private final String source;
  private final Path root;
  private final ProcFs proc;

  public NamespaceEntry(String source, Path root) {
    this.source = source;
    this.root = root;
    this.proc = new ProcFs(root);
  }

  @Override
  public SocketTable sockDiag(NetworkNamespace namespace) throws KernelException {
    return namespace.isHost()
        ? new DiagTable(source, SockDiag.open())
        : inside(namespace, this::openInside);
  }

  /** The table of the namespace of the calling thread. */
  private DiagTable openInside() throws KernelException {
    ProcFs reader = new ProcFs(root);
    SockDiag diag = SockDiag.open();
    ToIntFunction<String> opener =
        name -> reader.open("proc/thread-self/net/" + name, Libc.O_RDONLY);
    SocketCounts counts =
        SocketCounts.open(
            opener,
            fd -> {
              FileId file = reader.file(fd);
              return file == null ? 0 : file.inode();
            });
    return new DiagTable(source, diag, counts, KeptTexts.open(KEPT, opener));
  }

  @Override
  public TunnelPorts tunnels(NetworkNamespace namespace) throws KernelException {
    return namespace.isHost() ? TunnelPorts.read() : inside(namespace, TunnelPorts::read);
  }

  @Override
  public Optional<byte[]> table(NetworkNamespace namespace, String name, int most)
      throws KernelException {
    ProcFs reader = new ProcFs(root);
    return inside(
        namespace,
        () -> Optional.ofNullable(reader.readWhole("proc/thread-self/net/" + name, most)));
  }

  @Override
  public NetworkLinks links(NetworkNamespace namespace) throws KernelException {
    if (!namespace.isHost()) {
      int fd = handle(namespace);
      return inside(namespace, fd, () -> NetworkLinks.read(fd));
    }
    int fd = proc.open("proc/self/ns/net", Libc.O_RDONLY);
    try {
      return NetworkLinks.read(fd);
    } finally {
      proc.close(fd);
    }
  }

  @Override
  public <T> T inside(NetworkNamespace namespace, NamespaceVisit.VisitAction<T> opening)
      throws KernelException {
    return inside(namespace, handle(namespace), opening);
  }

  /** The same by an open descriptor, which is closed then. */
  private static <T> T inside(
      NetworkNamespace namespace, int fd, NamespaceVisit.VisitAction<T> opening)
      throws KernelException {
    return NamespaceVisit.run(
        "netns " + namespace.inode(),
        () -> {
          if (Libc.setns(fd, CLONE_NEWNET) < 0) {
            throw new EntryException(Native.getLastError());
          }
          return opening.open();
        },
        () -> Libc.close(fd));
  }

  @Override
  public int handle(NetworkNamespace namespace) throws KernelException {
    int fd = open(namespace);
    FileId file = proc.file(fd);
    if (file == null || file.inode() != namespace.inode()) {
      int errno = file == null ? proc.error() : Errno.ESTALE;
      proc.close(fd);
      throw new KernelException("opening it", errno);
    }
    return fd;
  }

  private int open(NetworkNamespace namespace) throws KernelException {
    ProcessFolder member = namespace.member();
    String boundName = namespace.boundAs();
    if (boundName != null) {
      HostTree.Handle handle = new HostTree(proc).open(NamedNamespaces.FOLDER + "/" + boundName);
      return requireOpen(handle.fd(), handle.why());
    }
    NamespaceKeeper keeper = namespace.keeper();
    if (keeper != null && namespace.wantsMember()) {
      return keeper.open();
    }
    if (member == null || member.isExecuting()) {
      throw new KernelException("it has neither a name nor a process that can be read");
    }
    int fd = member.open("ns/net");
    return requireOpen(fd, fd < 0 ? Errno.describe(member.error()) : "");
  }

  private static int requireOpen(int fd, String why) throws KernelException {
    if (fd < 0) {
      throw new KernelException("opening it: " + why);
    }
    return fd;
  }

  @Override
  public SocketTable tables(NetworkNamespace namespace) throws KernelException {
    ProcessFolder member = namespace.member();
    if (namespace.isHost()) {
      return ProcNetTable.ofHost(source, proc);
    }
    if (member == null) {
      throw new KernelException("no process is in it through which it could be read");
    }
    return ProcNetTable.of(source, member);
  }
}
