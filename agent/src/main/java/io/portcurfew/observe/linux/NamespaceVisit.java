package io.portcurfew.observe.linux;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.netlink.SockDiag;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Opens a netlink socket in another network namespace. A separate thread enters the namespace and
 * opens the socket, which stays in it. Then the thread ends. No other thread ever changes its
 * namespace.
 */
final class NamespaceVisit {

  /** Enters the namespace and opens the socket. */
  interface Opening {
    SockDiag open() throws KernelException;
  }

  private NamespaceVisit() {}

  /**
   * Opens the socket on a separate thread.
   *
   * @param name the name of the thread
   * @param release closes the handle of the namespace; it is called once, when the thread no longer
   *     needs the handle, even if the caller was interrupted before
   * @throws KernelException if the namespace cannot be entered, or the caller is interrupted
   */
  static SockDiag run(String name, Opening opening, Runnable release) throws KernelException {
    CompletableFuture<SockDiag> opened = new CompletableFuture<>();
    start(name, opening, release, opened);
    try {
      return opened.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KernelException refusal
          ? refusal
          : new KernelException("entering it: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (!opened.cancel(false) && !opened.isCompletedExceptionally()) {
        opened.join().close();
      }
      throw new KernelException("entering it was interrupted");
    }
  }

  private static void start(
      String name, Opening opening, Runnable release, CompletableFuture<SockDiag> opened) {
    Thread thread = new Thread(() -> openOnThread(opening, release, opened), name);
    thread.setDaemon(true);
    boolean started = false;
    try {
      thread.start();
      started = true;
    } finally {
      if (!started) {
        release.run();
      }
    }
  }

  private static void openOnThread(
      Opening opening, Runnable release, CompletableFuture<SockDiag> opened) {
    try {
      SockDiag socket = opening.open();
      if (!opened.complete(socket)) {
        socket.close();
      }
    } catch (KernelException | RuntimeException | Error e) {
      opened.completeExceptionally(e);
    } finally {
      release.run();
    }
  }
}
