package io.portcurfew.observe.linux;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.netlink.DiagTable;
import io.portcurfew.observe.linux.netlink.SockDiag;
import io.portcurfew.observe.linux.proc.HostTree;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcNetTable;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.process.DaemonThreads;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The ways into the network namespaces of a running host. */
final class NamespaceEntry implements NetworkNamespace.Opener {

  /** linux/sched.h. */
  private static final int CLONE_NEWNET = 0x40000000;

  private final String source;
  private final Path root;
  private final ProcFs proc;

  NamespaceEntry(String source, Path root) {
    this.source = source;
    this.root = root;
    this.proc = new ProcFs(root);
  }

  @Override
  public SocketTable sockDiag(NetworkNamespace namespace) throws KernelException {
    return new DiagTable(source, namespace.isHost() ? SockDiag.open() : openInside(namespace));
  }

  /**
   * A netlink socket stays where it was opened, so a thread goes in once, opens it and ends; no
   * other thread ever changes its namespace.
   */
  private SockDiag openInside(NetworkNamespace namespace) throws KernelException {
    int fd = handle(namespace);
    CompletableFuture<SockDiag> opened = new CompletableFuture<>();
    try {
      if (!DaemonThreads.start("netns " + namespace.inode(), () -> enter(fd, opened))) {
        throw new KernelException("entering it: no thread could be started");
      }
      return opened.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KernelException refusal
          ? refusal
          : new KernelException("entering it: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KernelException("entering it was given up");
    } finally {
      proc.close(fd);
    }
  }

  private static void enter(int fd, CompletableFuture<SockDiag> opened) {
    try {
      if (Libc.setns(fd, CLONE_NEWNET) < 0) {
        throw new EntryException(Native.getLastError());
      }
      opened.complete(SockDiag.open());
    } catch (KernelException | RuntimeException | Error e) {
      opened.completeExceptionally(e);
    }
  }

  private int handle(NetworkNamespace namespace) throws KernelException {
    ProcessFolder member = namespace.member();
    String bound = namespace.boundAs();
    int fd = -1;
    if (bound != null) {
      fd = new HostTree(proc).open(NamedNamespaces.FOLDER + "/" + bound);
    } else if (member != null) {
      fd = member.open("ns/net");
    }
    if (fd < 0) {
      throw new KernelException("opening it", proc.error());
    }
    ProcFs.FileId file = proc.file(fd);
    if (file == null || file.inode() != namespace.inode()) {
      int errno = file == null ? proc.error() : Errno.ESTALE;
      proc.close(fd);
      throw new KernelException("opening it", errno);
    }
    return fd;
  }

  @Override
  public SocketTable tables(NetworkNamespace namespace) throws KernelException {
    ProcessFolder member = namespace.member();
    if (namespace.isHost()) {
      return new ProcNetTable(source, root.resolve("proc/net"));
    }
    return new ProcNetTable(source, folder(member));
  }

  private Path folder(@Nullable ProcessFolder member) throws KernelException {
    if (member == null) {
      throw new KernelException("no process is in it through which it could be read");
    }
    return root.resolve("proc/" + member.pid() + "/net");
  }
}
