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
 * Computes digests of files on a thread of its own, so that no look waits for a large file. Users
 * take turns, a piece each, and none has more than {@link #MOST_OF_USER} read in an hour. The
 * thread is there while there is work.
 */
final class DigestQueue implements AutoCloseable {

  /** How many bytes of the files of one user are read in an hour; his further files wait. */
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

  /** The files of one user, and how much of them was read in this hour. */
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
   * Takes a file.
   *
   * @param uid the user who runs it
   * @param fd the open file; taken over and closed
   * @return false if he has enough files waiting
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

  /** Goes on with what had to wait for another hour. */
  synchronized void resume() {
    if (running || closed || users.values().stream().noneMatch(User::mayRead)) {
      return;
    }
    // Where no thread can be had the next look tries again.
    running = DaemonThreads.start("portcurfew-digests", this::work);
  }

  /** Waits until every digest is there, or for so long. */
  synchronized void await(Duration limit) throws InterruptedException {
    Duration start = Ticker.SYSTEM.elapsed();
    long left = limit.toMillis();
    while (running && left > 0) {
      wait(left);
      left = limit.minus(Ticker.SYSTEM.since(start)).toMillis();
    }
  }

  /** The digests that are there since this was asked last; empty where a file cannot be read. */
  synchronized Map<FileId, Optional<FileDigests>> takeDone() {
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
      job = turn(job, read);
    }
  }

  /** Leaves half of a processor to others. */
  private static boolean pause(Duration worked) {
    try {
      Thread.sleep(Math.min(worked.toMillis(), 100));
      return true;
    } catch (InterruptedException closing) {
      return false;
    }
  }

  /** The next job, of a user who has waited longest; nothing ends the thread. */
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

  private synchronized @Nullable FileDigestJob turn(FileDigestJob job, int read) {
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
