package io.portcurfew.observe.linux;

import io.portcurfew.observe.Protocol;
import java.time.Duration;
import java.util.Set;

/**
 * Says when the idle network namespaces have their turn. If looks follow each other within seconds,
 * one look in {@link #WHOLE_TURN} reads all of them: after a pause of a second nothing that is read
 * only now and then is in the caches of the processor, so a few namespaces in each look cost nearly
 * as much as all of them in one.
 */
final class TurnClock {

  /** Looks that are further apart read every namespace. */
  static final Duration SOON = Duration.ofSeconds(5);

  static final Duration WHOLE_TURN = Duration.ofSeconds(10);

  /** The same while events report each socket that a turn may find late. */
  static final Duration WATCHED_TURN = Duration.ofSeconds(20);

  /** The protocols that a turn looks for. */
  static final Set<Protocol> WATCHED = Set.of(Protocol.TCP, Protocol.UDP);

  /** The next look may be too late. */
  private static final Duration EARLY = Duration.ofSeconds(1);

  /** The number of namespaces in one turn of looks that are further apart. */
  private static final int MOST_OF_TURN = 64;

  /** The number of looks after which each resting namespace is asked if it has woken. */
  static final int LOOKS_PER_QUESTION = 5;

  private Duration sinceTurn = Duration.ZERO;
  private int looksSinceQuestion;

  /**
   * The part of the namespaces that a look reads.
   *
   * @param soon true if the last look was a moment ago
   * @param readsIdle true if idle namespaces have their turn
   * @param asksResting true if those that rest are asked if they have woken
   */
  record LookTurn(boolean soon, boolean readsIdle, boolean asksResting) {

    /** New namespaces only. */
    static final LookTurn NONE = new LookTurn(true, false, false);

    /** Returns how many of these namespaces a look reads that does not read all of them anyway. */
    int share(int all) {
      if (soon) {
        return readsIdle ? all : 0;
      }
      return Math.min(MOST_OF_TURN, all);
    }
  }

  /**
   * Starts a look.
   *
   * @param sinceLast the time since the last look
   * @param isWatched true if events report each opening of a socket
   */
  LookTurn look(Duration sinceLast, boolean isWatched) {
    boolean soon = sinceLast.compareTo(SOON) < 0;
    sinceTurn = sinceTurn.plus(sinceLast);
    Duration turn = isWatched ? WATCHED_TURN : WHOLE_TURN;
    boolean readsIdle = !soon || sinceTurn.compareTo(turn.minus(EARLY)) >= 0;
    if (readsIdle) {
      sinceTurn = Duration.ZERO;
    }
    boolean asksResting = readsIdle || ++looksSinceQuestion >= LOOKS_PER_QUESTION;
    if (asksResting) {
      looksSinceQuestion = 0;
    }
    return new LookTurn(soon, readsIdle, asksResting);
  }
}
