package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.process.Closeables;
import io.portcurfew.process.DaemonThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;

/**
 * Opens a netlink socket in another network namespace, or asks the kernel there. A separate thread
 * enters the namespace and opens the socket, which stays in it. Then the thread ends. No other
 * thread ever changes its namespace.
 */
public final class NamespaceVisit {

  /** Enters the namespace and opens the socket, or returns an answer. */
  public interface VisitAction<T> {
    /**
     * Opens it, in the namespace.
     *
     * @throws KernelException if the kernel refuses
     */
    T open() throws KernelException;
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
  static <T> T run(String name, VisitAction<T> opening, Runnable release) throws KernelException {
    return run(work -> DaemonThreads.start(name, work), opening, release);
  }

  /**
   * The same with another way to start a thread.
   *
   * @param starter runs the work on a new thread; returns false if it cannot start one
   */
  static <T> T run(Predicate<Runnable> starter, VisitAction<T> opening, Runnable release)
      throws KernelException {
    CompletableFuture<T> opened = new CompletableFuture<>();
    if (!starter.test(() -> openOnThread(opening, release, opened))) {
      release.run();
      throw new KernelException("entering it: no thread can be started");
    }
    try {
      return opened.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KernelException refusal
          ? refusal
          : new KernelException("entering it: " + KernelException.why(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (!opened.cancel(false) && !opened.isCompletedExceptionally()) {
        close(opened.join());
      }
      throw new KernelException("entering it was interrupted");
    }
  }

  private static void close(Object result) {
    if (result instanceof AutoCloseable socket) {
      Closeables.quietly(socket);
    }
  }

  private static <T> void openOnThread(
      VisitAction<T> opening, Runnable release, CompletableFuture<T> opened) {
    try {
      T result = opening.open();
      if (!opened.complete(result)) {
        close(result);
      }
    } catch (KernelException | RuntimeException | Error e) {
      opened.completeExceptionally(e);
    } finally {
      release.run();
    }
  }
}
