package io.portcurfew.observe.linux;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.netlink.SockDiag;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A visit to another network namespace: a thread enters it, opens a netlink socket, which stays
 * there, and ends. No other thread ever changes its namespace.
 */
final class NamespaceVisit {

  /** Enters the namespace and opens the socket. */
  interface Opening {
    SockDiag open() throws KernelException;
  }

  private NamespaceVisit() {}

  /**
   * Visits it.
   *
   * @param name the name of the thread
   * @param release closes the handle of the namespace; called once, when the visitor no longer
   *     needs it, also where the caller has given up before
   * @throws KernelException where it cannot be entered, or the caller is interrupted
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
    Thread visitor = new Thread(() -> visit(opening, release, opened), name);
    visitor.setDaemon(true);
    boolean started = false;
    try {
      visitor.start();
      started = true;
    } finally {
      if (!started) {
        release.run();
      }
    }
  }

  private static void visit(Opening opening, Runnable release, CompletableFuture<SockDiag> opened) {
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
