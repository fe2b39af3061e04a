package io.portcurfew.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One thing that happens in the world of the agent; the number decides its details. */
record Action(Kind kind, long number) {

  /** The kinds, each as often as its weight says. */
  enum Kind {
    PASS(30),
    STEP(12),
    OPEN(12),
    CLOSE(10),
    TAKE_OVER(4),
    OPEN_MANY(2),
    CLOSE_MANY(2),
    HIDE(6),
    SHOW(1),
    SOURCE(4),
    RECEIVER(10),
    HEARTBEAT_ERROR(1),
    SET_CLOCK(2),
    RESTART(6),
    KILL(5),
    RELOAD(6),
    SILENCE(2),
    REFUSE_WRITES(2),
    ALLOW_WRITES(3),
    REMOVE_DATABASE(1),
    BUSY_DATABASE(2),
    BRIEF(4),
    LOSE_EVENTS(1),
    READ_STATUS(4),
    SLOW_RECEIVER(2),
    RETURNING_RECEIVER(3),
    TWIN_SUMMARIES(2),
    UNREADABLE_LEDGER(2),
    FULL_DISK(2),
    LATE_SUMMARY(2),
    MANY_ENDS(1),
    BROKEN_SOURCE(4),
    ALERTMANAGER(3),
    BROKEN_RELOAD(1),
    SHARED_FILE(3),
    QUIET(0),
    START_OVER(0);

    private final int weight;

    Kind(int weight) {
      this.weight = weight;
    }

    private static Kind any(Random random) {
      int left = random.nextInt(total());
      for (Kind one : values()) {
        left -= one.weight;
        if (left < 0) {
          return one;
        }
      }
      return PASS;
    }

    private static int total() {
      int all = 0;
      for (Kind one : values()) {
        all += one.weight;
      }
      return all;
    }
  }

  /** The number of actions between two quiet phases, on average. */
  private static final int BETWEEN = 60;

  /** The actions of a seed; the last one is a quiet phase. */
  static List<Action> of(long seed, int phases) {
    Random random = new Random(seed);
    List<Action> all = new ArrayList<>();
    for (int phase = 0; phase < phases; phase++) {
      // After a short phase the check finds what the next restart would cover.
      int length = 1 + random.nextInt(2 * BETWEEN);
      for (int i = 0; i < length; i++) {
        all.add(new Action(Kind.any(random), random.nextLong()));
      }
      all.add(new Action(Kind.QUIET, 0));
    }
    return all;
  }
}
