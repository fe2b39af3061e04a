package io.portcurfew.observe.linux.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.process.Ticker;
import io.portcurfew.process.TimeBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A clock that each question turns on by one millisecond stands for the cost of a read. */
class ArrivalTurnsTest {

  private static final int FLOODER = 1000;
  private static final int VICTIM = 1001;

  private final AtomicLong millis = new AtomicLong();
  private final Ticker ticker = () -> Duration.ofMillis(millis.getAndIncrement());
  private final BitSet pids = new BitSet();
  private final BitSet ofVictim = new BitSet();
  private final ArrivalTurns turns = new ArrivalTurns(pid -> ofVictim.get(pid) ? VICTIM : FLOODER);
  private final List<Integer> read = new ArrayList<>();

  private static BitSet range(int from, int count) {
    BitSet range = new BitSet();
    range.set(from, from + count);
    return range;
  }

  private void arrive(BitSet arrived) {
    pids.or(arrived);
    turns.add(arrived, pids);
  }

  private void look(int most) {
    turns.run(TimeBudget.of(ticker, Duration.ofMillis(most)), read::add);
  }

  @Test
  void fewProcesses_areReadInTheirOrder() {
    arrive(range(10, 5));
    look(100);
    assertThat(read).containsExactly(10, 11, 12, 13, 14);
    assertThat(turns.isOver()).isTrue();
  }

  @Test
  void spentBudget_leavesTheRestToLaterLooks() {
    arrive(range(1, 5_000));
    int looks = 0;
    for (; !turns.isOver() && looks < 100; looks++) {
      long before = millis.get();
      look(1_000);
      assertThat(millis.get() - before).isLessThan(1_010);
    }
    assertThat(looks).isGreaterThan(5);
    assertThat(read).hasSize(5_000).doesNotHaveDuplicates();
  }

  @Test
  void oneProcess_doesNotWaitForThoseOfAnotherUser() {
    arrive(range(1, 5_000));
    look(5_000);
    read.clear();
    ofVictim.set(9_000);
    arrive(range(6_000, 1_000));
    arrive(range(9_000, 1));
    look(8_000);
    assertThat(read.indexOf(9_000)).isBetween(0, 1);
  }

  @Test
  void endlessArrivals_postponeNoProcessForEver() {
    arrive(range(1, 5_000));
    ofVictim.set(5_001);
    arrive(range(5_001, 1));
    int looks = 0;
    int next = 6_000;
    for (; !read.contains(5_001) && looks < 100; looks++) {
      look(200);
      arrive(range(next, 1_000));
      next += 1_000;
    }
    assertThat(looks).isLessThan(100);
  }

  @Test
  void endedProcess_isNotRead() {
    arrive(range(1, 2_000));
    look(100);
    read.clear();
    pids.clear(1, 1_990);
    turns.add(new BitSet(), pids);
    look(10_000);
    assertThat(read).isNotEmpty().allMatch(pid -> pid >= 1_990);
    assertThat(turns.isOver()).isTrue();
  }
}
