package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Computes digests of files on its own thread, so that no look waits for a large file. The thread
 * reads one piece for each user in turn, and at most {@link #MOST_OF_USER} bytes for each user in
 * an hour. The thread runs only while there is work.
 */
final class DigestQueue implements AutoCloseable {

  /**
   * The maximum number of bytes that are read for one user in an hour. Further files of that user
   * wait.
   */
  static final long MOST_OF_USER = 4L << 30;

  private static final int MOST_WAITING = 32;
  private static final Duration WINDOW = Duration.ofHours(1);

  private final Path root;
  private final Map<Long, User> users = new LinkedHashMap<>();
  private final Map<FileId, Optional<FileDigests>> done = new HashMap<>();
  private boolean running;
  private boolean closed;

  DigestQueue(Path root) {
    this.root = root;
  }

  /** The waiting files of one user and the number of bytes that were read in this hour. */
  private static final class User {
    private final Deque<FileDigestJob> waiting = new ArrayDeque<>();
    private Duration windowFrom = Ticker.SYSTEM.elapsed();
    private long read;

    boolean mayRead() {
      Duration now = Ticker.SYSTEM.elapsed();
      if (now.minus(windowFrom).compareTo(WINDOW) >= 0) {
        windowFrom = now;
        read = 0;
      }
      return !waiting.isEmpty() && read < MOST_OF_USER;
    }
  }

  /**
   * Adds a file to the queue.
   *
   * @param uid the user who runs the file
   * @param fd the open file, which the queue takes over and closes
   * @return false if too many files of this user are waiting
   */
  synchronized boolean offer(long uid, FileId file, int fd) {
    User user = users.computeIfAbsent(UserGroup.of(uid), key -> new User());
    FileDigestJob job = new FileDigestJob(file, fd);
    if (closed || user.waiting.size() >= MOST_WAITING) {
      job.close();
      return false;
    }
    user.waiting.add(job);
    resume();
    return true;
  }

  /** Starts the thread if there is work that may be done in this hour. */
  synchronized void resume() {
    if (running || closed || users.isEmpty()) {
      return;
    }
    if (users.values().stream().noneMatch(User::mayRead)) {
      return;
    }
    // If the thread cannot be started, the next look tries again.
    running = DaemonThreads.start("portcurfew-digests", this::work);
  }

  /** Waits until all digests are ready, but no longer than the limit. */
  synchronized void await(Duration limit) throws InterruptedException {
    Duration start = Ticker.SYSTEM.elapsed();
    long left = limit.toMillis();
    while (running && left > 0) {
      wait(left);
      left = limit.minus(Ticker.SYSTEM.since(start)).toMillis();
    }
  }

  /**
   * Returns the digests that were computed since the last call. A digest is empty if the file
   * cannot be read.
   */
  synchronized Map<FileId, Optional<FileDigests>> takeDone() {
    if (done.isEmpty()) {
      return Map.of();
    }
    Map<FileId, Optional<FileDigests>> taken = new HashMap<>(done);
    done.clear();
    return taken;
  }

  private void work() {
    ProcFs proc = new ProcFs(root);
    NativeBuffer buffer = new NativeBuffer(64 * 1024);
    FileDigestJob job = next();
    while (job != null) {
      Duration start = Ticker.SYSTEM.elapsed();
      int read = job.readPiece(proc, buffer);
      if (!pause(Ticker.SYSTEM.since(start))) {
        return;
      }
      job = finishPiece(job, read);
    }
  }

  /** Sleeps as long as the last piece took, so that the thread uses at most half of a processor. */
  private static boolean pause(Duration worked) {
    try {
      Thread.sleep(Math.min(worked.toMillis(), 100));
      return true;
    } catch (InterruptedException closing) {
      return false;
    }
  }

  /** Returns the next job of the user who has waited longest, or {@code null} to end the thread. */
  private synchronized @Nullable FileDigestJob next() {
    for (Map.Entry<Long, User> entry : users.entrySet()) {
      User user = entry.getValue();
      if (!closed && user.mayRead()) {
        users.remove(entry.getKey());
        users.put(entry.getKey(), user);
        return user.waiting.peek();
      }
    }
    running = false;
    notifyAll();
    return null;
  }

  private synchronized @Nullable FileDigestJob finishPiece(FileDigestJob job, int read) {
    users.values().stream()
        .filter(user -> user.waiting.peek() == job)
        .forEach(
            user -> {
              user.read += read;
              if (job.isDone()) {
                user.waiting.remove();
                done.put(job.file(), job.digests());
                job.close();
              }
            });
    return next();
  }

  @Override
  public synchronized void close() {
    closed = true;
    users.values().stream().flatMap(user -> user.waiting.stream()).forEach(FileDigestJob::close);
    users.clear();
  }
}
