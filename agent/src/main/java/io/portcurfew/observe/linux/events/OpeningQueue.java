package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.linux.events.source.ProcessGlimpse;
import io.portcurfew.observe.linux.events.source.SocketChange;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The openings that wait for a look. Bounded: once it is full, the user with the most loses one for
 * each new one of another user, so a flood displaces only openings of the user who makes it. Pure.
 */
final class OpeningQueue {

  static final int MOST = 2048;

  /** Looked at in one pass. */
  static final int MOST_AT_ONCE = 256;

  private final Map<Opening.Key, Opening> waiting = new LinkedHashMap<>();
  private final Map<Long, Deque<Opening>> byUser = new HashMap<>();
  private final Map<Long, Opening> bySocket = new HashMap<>();
  private final Map<Long, Opening> lookedAt = new HashMap<>();
  private final Set<Opening> absent = new LinkedHashSet<>();
  private final List<Opening> endedLate = new ArrayList<>();

  /** Adds an opening in the namespace of its process. */
  long add(String source, SocketChange change, ProcessGlimpse process) {
    return add(source, change, process, false);
  }

  /**
   * Adds an opening.
   *
   * @param mayBeOfHost true if its socket may be one of the host although its process is not there
   * @return the number of openings that this displaced
   */
  long add(String source, SocketChange change, ProcessGlimpse process, boolean mayBeOfHost) {
    Opening opening = waiting.get(key(change, process));
    long displaced = 0;
    if (opening == null) {
      opening = new Opening(key(change, process), source, process, change.at());
      displaced = admit(opening);
    }
    opening.opened(change, mayBeOfHost);
    if (opening.openSockets().contains(change.socket()) && waiting.get(opening.key()) == opening) {
      bySocket.put(change.socket(), opening);
    }
    return displaced;
  }

  /**
   * Adds a socket whose opening is not known.
   *
   * @param namespace the inode of its network namespace; {@code null} for that of the agent
   * @param unseen how long it can have been open at most
   * @return the number of openings that this displaced
   */
  long addClosed(String source, SocketChange change, @Nullable Long namespace, Duration unseen) {
    Opening.Key key = key(change, ProcessGlimpse.UNKNOWN.in(namespace));
    Opening opening = waiting.get(key);
    long displaced = 0;
    if (opening == null) {
      opening = new Opening(key, source, ProcessGlimpse.UNKNOWN, change.at());
      displaced = admit(opening);
    }
    opening.ended(change.at(), unseen);
    return displaced;
  }

  private static Opening.Key key(SocketChange change, ProcessGlimpse process) {
    return new Opening.Key(
        change.protocol(),
        change.address(),
        change.port(),
        process.namespace(),
        process.uid(),
        process.realUid(),
        process.path());
  }

  /** Lets it wait if there is a place; returns the number of openings that lost theirs. */
  private long admit(Opening opening) {
    long user = opening.userGroup();
    Opening loser = waiting.size() < MOST ? null : loserTo(user);
    if (waiting.size() >= MOST && loser == null) {
      return 1;
    }
    long displaced = loser == null ? 0 : remove(loser);
    waiting.put(opening.key(), opening);
    byUser.computeIfAbsent(user, one -> new ArrayDeque<>()).add(opening);
    return displaced;
  }

  /** The last opening of the user with the most; {@code null} if that is this user. */
  private @Nullable Opening loserTo(long user) {
    Map.Entry<Long, Deque<Opening>> largest =
        byUser.entrySet().stream()
            .max((one, other) -> Integer.compare(one.getValue().size(), other.getValue().size()))
            .orElse(null);
    int own = byUser.getOrDefault(user, new ArrayDeque<>()).size();
    return largest == null || largest.getValue().size() <= own + 1
        ? null
        : largest.getValue().peekLast();
  }

  private long remove(Opening opening) {
    waiting.remove(opening.key());
    opening.openSockets().forEach(bySocket::remove);
    Deque<Opening> own = byUser.get(opening.userGroup());
    if (own != null) {
      own.remove(opening);
      if (own.isEmpty()) {
        byUser.remove(opening.userGroup());
      }
    }
    return opening.count();
  }

  /**
   * Notes the end of a socket, also of one that is looked at or was absent; false if no opening
   * that waits or will wait is about it.
   */
  boolean close(SocketChange change) {
    Opening waits = bySocket.remove(change.socket());
    Opening opening = waits == null ? lookedAt.remove(change.socket()) : waits;
    if (opening == null) {
      return false;
    }
    opening.closed(change.socket(), change.at());
    boolean isDecided = opening.closedAfter() != null || opening.hasDoubt();
    boolean isLate = isDecided && absent.remove(opening);
    if (isLate) {
      endedLate.add(opening);
    }
    return waits != null || isLate;
  }

  /** The look at an opening is over. */
  void looked(Opening opening) {
    opening.openSockets().forEach(lookedAt::remove);
  }

  /**
   * The look at an opening found no socket, although no event ended it: the end may not have been
   * read yet. It is due again once its end comes.
   */
  void absent(Opening opening) {
    if (opening.closedAfter() != null || opening.hasDoubt()) {
      endedLate.add(opening);
    } else if (absent.size() < MOST) {
      absent.add(opening);
    } else {
      looked(opening);
    }
  }

  /** Absent openings from before this moment wait for their end no more. */
  void forgetAbsentBefore(Duration moment) {
    Iterator<Opening> all = absent.iterator();
    while (all.hasNext()) {
      Opening opening = all.next();
      if (opening.last().compareTo(moment) < 0) {
        all.remove();
        looked(opening);
      }
    }
  }

  /**
   * The openings that began before this moment, and those whose end came late. They wait no more;
   * the ends of their sockets are noted until they are {@linkplain #looked looked} at. Of many at
   * once those of the users with the fewest go first, and the rest waits for the next time, so that
   * a flood does not delay the opening of another user.
   */
  List<Opening> takeBefore(Duration moment) {
    List<Opening> due = new ArrayList<>();
    for (Opening opening : waiting.values()) {
      if (opening.first().compareTo(moment) <= 0) {
        due.add(opening);
      }
    }
    if (due.size() > MOST_AT_ONCE) {
      due.sort(Comparator.comparingInt(this::ofSameUser));
      due.subList(MOST_AT_ONCE, due.size()).clear();
    }
    for (Opening opening : due) {
      remove(opening);
      opening.taken();
      opening.openSockets().forEach(socket -> lookedAt.put(socket, opening));
    }
    due.addAll(endedLate);
    endedLate.clear();
    return due;
  }

  private int ofSameUser(Opening opening) {
    return byUser.getOrDefault(opening.userGroup(), new ArrayDeque<>()).size();
  }

  /** The time at which the first waiting opening began; {@code null} if none waits. */
  @Nullable Duration oldest() {
    return waiting.isEmpty() ? null : waiting.values().iterator().next().first();
  }

  boolean isEmpty() {
    return waiting.isEmpty() && endedLate.isEmpty();
  }

  int size() {
    return waiting.size();
  }
}
