package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.linux.kernel.HangingUsers;
import io.portcurfew.observe.linux.kernel.ProcessReads;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.Ticker;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread of events that reads processes, and those that replace it. One whose read hangs is
 * abandoned; the next one goes on where it was, and leaves out the processes of that user.
 */
final class EventThread {

  private static final Logger LOG = LoggerFactory.getLogger(EventThread.class);

  private final String work;
  private final Path root;
  private final HangingUsers users;
  private final Ticker ticker;
  private final Runnable wake;
  private volatile ProcessReads reads;
  private volatile boolean isMissing;

  /**
   * Nothing is read yet.
   *
   * @param work what the thread does, in a message
   * @param root the root of the host whose processes it reads
   * @param users the users whose processes are not read
   * @param wake lets the thread be checked from now on, as long as it reads
   */
  EventThread(String work, Path root, HangingUsers users, Ticker ticker, Runnable wake) {
    this.work = work;
    this.root = root;
    this.users = users;
    this.ticker = ticker;
    this.wake = wake;
    reads = new ProcessReads(ticker, users);
  }

  /** Returns the reads of the present thread, which no other thread uses. */
  ProcessReads reads() {
    return reads;
  }

  /** Returns a /proc that is read with these reads. */
  ProcFs proc(ProcessReads by) {
    return new ProcFs(root, null, by);
  }

  /** Processes are read from now on, by the calling thread, until the look ends. */
  void begin(ProcessReads by) {
    by.beginLook();
    wake.run();
  }

  /** Returns true if the thread has to be checked several times a second. */
  boolean isBusy() {
    return isMissing || reads.isLooking();
  }

  /**
   * Replaces the thread if its read hangs. For one thread.
   *
   * @param starter starts the next one; returns false if no thread could be started
   */
  void check(BooleanSupplier starter) {
    ProcessReads hanging = reads;
    int pid = hanging.check();
    if (pid != 0
        && users.add(pid, new ProcFs(root).userOf(pid), hanging::isLooking)
        && hanging.abandon()) {
      LOG.warn(
          "reading process {} hangs; another thread {} events without {}",
          pid,
          work,
          users.words());
      reads = new ProcessReads(ticker, users);
      isMissing = true;
    }
    if (isMissing) {
      isMissing = !starter.getAsBoolean();
    }
  }
}
