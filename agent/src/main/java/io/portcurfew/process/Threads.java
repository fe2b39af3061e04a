package io.portcurfew.process;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/** Starts the threads of the agent and waits for them; a test of the whole agent steps them. */
public interface Threads {

  /** The threads of this process. */
  Threads SYSTEM = new SystemThreads();

  /**
   * Creates an executor that runs its tasks one after the other, on a thread that exists only while
   * there is something to do; a task after its shutdown is dropped.
   *
   * @param name the name of the thread
   */
  ExecutorService oneByOne(String name);

  /**
   * Creates an executor that runs each task at once.
   *
   * @param name the start of the names of its threads
   * @param kept how long an idle thread waits for the next task
   */
  ExecutorService parallel(String name, Duration kept);

  /**
   * Waits for a task and returns its result.
   *
   * @throws TimeoutException if it has not ended after this time
   */
  <T> T get(Future<T> task, Duration most)
      throws InterruptedException, ExecutionException, TimeoutException;

  /** Waits for this time. */
  void sleep(Duration time) throws InterruptedException;
}
