package io.portcurfew.observe.linux.kernel;

import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Threads;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the command lines of processes on threads that may hang. The kernel takes the lock of the
 * memory of the process for it (access_remote_vm in mm/memory.c). A user holds that lock for as
 * long as he likes: one thread touches a page of a FUSE file that is never answered, another one
 * waits in mmap(2). How many reads may hang has a limit for each user.
 */
public final class CommandLineReader {

  /** The time for which a look waits for one read, which usually takes some microseconds. */
  static final Duration MOST = Duration.ofMillis(100);

  /** After a late read, those of the same user are not tried for this time. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  static final int MOST_HANGING_OF_USER = 2;

  /** Of all users but root, who has his own. */
  static final int MOST_HANGING = 8;

  /** So that a long one does not exhaust the memory (as in CVE-2018-16864). */
  private static final int MOST_BYTES = 4096;

  private static final Duration KEPT = Duration.ofSeconds(1);

  private final Ticker ticker;
  private final Threads threads;
  private final ExecutorService readers;

  /** The users of the reads that have not ended, by process id. */
  private final Map<Integer, Long> running = new ConcurrentHashMap<>();

  private final Map<Long, Duration> lateAt = new HashMap<>();

  /** Creates a reader without threads. */
  public CommandLineReader() {
    this(Ticker.SYSTEM, Threads.SYSTEM);
  }

  CommandLineReader(Ticker ticker, Threads threads) {
    this.ticker = ticker;
    this.threads = threads;
    this.readers = threads.parallel("portcurfew-arguments-", KEPT);
  }

  /** The result of a read. */
  public static final class CommandLine {
    private static final CommandLine LATE = new CommandLine(null, true);

    private final byte @Nullable [] text;
    private final boolean late;

    private CommandLine(byte @Nullable [] text, boolean late) {
      this.text = text;
      this.late = late;
    }

    /** Returns the arguments, each followed by a zero byte; {@code null} if they are not known. */
    public byte @Nullable [] text() {
      return text;
    }

    /** Returns true if the read has not ended in time, or was not tried for that reason. */
    public boolean isLate() {
      return late;
    }
  }

  /** An open file whose read may hang. */
  @FunctionalInterface
  interface BlockableRead {
    byte @Nullable [] read();
  }

  /**
   * Reads the command line of a process.
   *
   * @param fd its open file, which is closed
   * @param uid the user of the process, or {@code null} if unknown
   */
  public CommandLine read(int pid, @Nullable Long uid, int fd) {
    if (fd < 0) {
      return new CommandLine(null, false);
    }
    long user = uid == null ? UserGroup.UNKNOWN : UserGroup.of(uid);
    if (!isAllowed(pid, user)) {
      Libc.close(fd);
      return CommandLine.LATE;
    }
    return read(pid, user, () -> readAndClose(fd));
  }

  CommandLine read(int pid, long user, BlockableRead file) {
    running.put(pid, user);
    Optional<Future<byte @Nullable []>> task =
        DaemonThreads.call(
            () ->
                readers.submit(
                    () -> {
                      try {
                        return file.read();
                      } finally {
                        running.remove(pid);
                      }
                    }));
    if (task.isEmpty()) {
      running.remove(pid);
      return CommandLine.LATE;
    }
    try {
      return new CommandLine(threads.get(task.get(), MOST), false);
    } catch (TimeoutException late) {
      lateAt.put(user, ticker.elapsed());
      return CommandLine.LATE;
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      return CommandLine.LATE;
    } catch (ExecutionException bug) {
      throw new IllegalStateException("reading a command line failed", bug);
    }
  }

  /** Returns true if a read for a process of this user may be tried now. */
  boolean isAllowed(int pid, long user) {
    Duration late = lateAt.get(user);
    if (late != null && ticker.since(late).compareTo(PAUSE) >= 0) {
      lateAt.remove(user);
      late = null;
    }
    long ofUser = running.values().stream().filter(one -> one == user).count();
    long ofUsers = running.values().stream().filter(one -> one != UserGroup.ROOT).count();
    return late == null
        && !running.containsKey(pid)
        && ofUser < MOST_HANGING_OF_USER
        && (user == UserGroup.ROOT || ofUsers < MOST_HANGING);
  }

  private static byte @Nullable [] readAndClose(int fd) {
    NativeBuffer buffer = new NativeBuffer(MOST_BYTES);
    int length = 0;
    long got = 1;
    while (got > 0 && length < MOST_BYTES) {
      got = Libc.read(fd, buffer.address() + length, MOST_BYTES - length);
      length += (int) Math.max(got, 0);
    }
    Libc.close(fd);
    return got < 0 ? null : buffer.copy(length);
  }
}
