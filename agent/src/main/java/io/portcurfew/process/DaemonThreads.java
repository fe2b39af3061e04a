package io.portcurfew.process;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Starts daemon threads, which do not keep the process alive. The system may refuse a thread (a
 * limit of the user or of the cgroup, setrlimit(2)): Java then throws an {@link OutOfMemoryError}
 * although the heap is fine, so only this class catches it and gives an answer instead.
 */
public final class DaemonThreads {

  private DaemonThreads() {}

  /** A daemon thread that has not started yet. */
  public static Thread of(String name, Runnable work) {
    return of(name, work, 0);
  }

  /**
   * The same with a stack of its own size.
   *
   * @param stackBytes how large; 0 is the usual size
   */
  public static Thread of(String name, Runnable work, long stackBytes) {
    Thread thread = new Thread(null, work, name, stackBytes);
    thread.setDaemon(true);
    return thread;
  }

  /** Makes daemon threads that all have this name, for an executor of one thread. */
  public static ThreadFactory named(String name) {
    return work -> of(name, work);
  }

  /** Makes daemon threads with a number behind this name. */
  public static ThreadFactory numbered(String name) {
    AtomicInteger number = new AtomicInteger();
    return work -> of(name + number.incrementAndGet(), work);
  }

  /**
   * Runs the work on a new daemon thread.
   *
   * @return false if no thread could be started
   */
  public static boolean start(String name, Runnable work) {
    return start(of(name, work));
  }

  /**
   * Starts this thread.
   *
   * @return false if no thread could be started
   */
  public static boolean start(Thread thread) {
    try {
      thread.start();
      return true;
    } catch (OutOfMemoryError noThread) {
      return false;
    }
  }

  /**
   * Hands the work to an executor that may need a new thread for it.
   *
   * @return false if no thread could be started
   */
  public static boolean execute(Executor executor, Runnable work) {
    try {
      executor.execute(work);
      return true;
    } catch (OutOfMemoryError noThread) {
      return false;
    }
  }

  /** The result of a call that may need a new thread; empty if no thread could be started. */
  public static <T> Optional<T> call(Supplier<T> call) {
    try {
      return Optional.of(call.get());
    } catch (OutOfMemoryError noThread) {
      return Optional.empty();
    }
  }
}
