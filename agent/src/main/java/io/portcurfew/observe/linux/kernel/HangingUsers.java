package io.portcurfew.observe.linux.kernel;

import io.portcurfew.process.Ticker;
import io.portcurfew.text.ShortList;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The users whose processes are not read, because a read of one of them hangs or has hung a while
 * ago. Of root, and of a user who is not known, that process alone is left out. Thread-safe.
 */
public final class HangingUsers {

  /** The most users whose reads may hang at the same time. */
  public static final int MOST_HANGING = 8;

  /**
   * The most reads of one user that may hang at the same time; each keeps a thread. Scans and the
   * two threads of events may meet him in the same second, and none begins once he is left out.
   */
  static final int MOST_HANGING_OF_USER = 3;

  /** The time for which a user is left out after his read has ended. */
  static final Duration PAUSE = Duration.ofMinutes(5);

  private static final int MOST_NAMED = 8;

  private final Ticker ticker;
  private final List<HangingRead> reads = new ArrayList<>();
  private volatile Set<Long> leftOut = Set.of();

  /** One read that hung, and when it ended. */
  private static final class HangingRead {
    private final int pid;
    private final long group;
    private final BooleanSupplier hangs;
    private @Nullable Duration endedAt;

    HangingRead(int pid, long group, BooleanSupplier hangs) {
      this.pid = pid;
      this.group = group;
      this.hangs = hangs;
    }

    /** A group of users is not negative, and a process that is left out alone is. */
    long key() {
      return group > UserGroup.ROOT ? group : ~(long) pid;
    }

    String label() {
      return group > UserGroup.ROOT
          ? "the processes of " + UserGroup.label(group) + " (pid " + pid + ")"
          : "pid " + pid;
    }
  }

  /** Leaves out nobody. */
  public HangingUsers(Ticker ticker) {
    this.ticker = ticker;
  }

  /**
   * Leaves out the processes of a user.
   *
   * @param pid the process whose read hangs
   * @param uid its real user, or {@code null} if unknown
   * @param hangs returns true until the read has ended
   * @return false if too many reads hang already; nothing is left out then
   */
  public synchronized boolean add(int pid, @Nullable Long uid, BooleanSupplier hangs) {
    refresh();
    long group = uid == null ? UserGroup.UNKNOWN : UserGroup.of(uid);
    HangingRead read = new HangingRead(pid, group, hangs);
    List<Long> hanging =
        reads.stream().filter(one -> one.endedAt == null).map(HangingRead::key).toList();
    int ofUser = Collections.frequency(hanging, read.key());
    boolean isAllowed =
        ofUser == 0
            ? hanging.stream().distinct().count() < MOST_HANGING
            : ofUser < MOST_HANGING_OF_USER;
    if (isAllowed) {
      reads.add(read);
      refresh();
    }
    return isAllowed;
  }

  /** Takes up again those whose reads have ended long enough ago. */
  public synchronized void refresh() {
    if (reads.isEmpty()) {
      return;
    }
    Duration now = ticker.elapsed();
    for (HangingRead read : reads) {
      if (read.endedAt == null && !read.hangs.getAsBoolean()) {
        read.endedAt = now;
      }
    }
    reads.removeIf(read -> read.endedAt != null && now.minus(read.endedAt).compareTo(PAUSE) >= 0);
    leftOut = reads.stream().map(HangingRead::key).collect(Collectors.toUnmodifiableSet());
  }

  /** Returns true if nobody is left out. */
  public boolean isEmpty() {
    return leftOut.isEmpty();
  }

  /**
   * Returns true if a process is left out.
   *
   * @param uid returns its real user
   */
  public boolean has(int pid, Supplier<@Nullable Long> uid) {
    Set<Long> now = leftOut;
    if (now.contains(~(long) pid)) {
      return true;
    }
    Long user = uid.get();
    return user != null && now.contains(UserGroup.of(user));
  }

  /** Returns who is left out, in words; empty if nobody is. */
  public synchronized String words() {
    return ShortList.of(reads.stream().map(HangingRead::label).distinct().toList(), MOST_NAMED);
  }
}
