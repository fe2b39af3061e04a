package io.portcurfew.observe.linux.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.events.source.ProcessGlimpse;
import io.portcurfew.observe.linux.events.source.SocketChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpeningQueueTest {

  private final OpeningQueue queue = new OpeningQueue();

  private static ProcessGlimpse process(long uid) {
    return new ProcessGlimpse(4711, 1L, null, uid, uid, "/usr/bin/nc", null, 41L, true, true);
  }

  private static SocketChange change(boolean opened, long socket, int port, int millis) {
    Duration at = Duration.ofMillis(millis);
    return new SocketChange(opened, socket, Protocol.TCP, Address.ANY_IPV4, port, 4711, at);
  }

  private List<Opening> all() {
    List<Opening> all = new ArrayList<>();
    do {
      all.addAll(queue.takeBefore(Duration.ofDays(1)));
    } while (!queue.isEmpty());
    return all;
  }

  @Test
  void closingOfTheSameSocket_saysHowLongItWasOpen() {
    queue.add("perf", change(true, 7, 611, 10), process(1000));
    assertThat(queue.close(change(false, 7, 611, 11))).isTrue();
    assertThat(all())
        .singleElement()
        .satisfies(one -> assertThat(one.closedAfter()).isEqualTo(Duration.ofMillis(1)));
  }

  @Test
  void closingOfAnotherSocket_leavesItOpen() {
    queue.add("perf", change(true, 7, 611, 10), process(1000));
    assertThat(queue.close(change(false, 8, 611, 11))).isFalse();
    assertThat(all()).singleElement().satisfies(one -> assertThat(one.closedAfter()).isNull());
  }

  @Test
  void thousandOpeningsOfOneService_areOneWithACount() {
    for (int i = 0; i < 1000; i++) {
      queue.add("perf", change(true, 100 + i, 611, i), process(1000));
      queue.close(change(false, 100 + i, 611, i + 1));
    }
    assertThat(all())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.count()).isEqualTo(1000);
              assertThat(one.first()).isEqualTo(Duration.ZERO);
              assertThat(one.last()).isEqualTo(Duration.ofMillis(999));
              assertThat(one.closedAfter()).isEqualTo(Duration.ofMillis(1));
            });
  }

  private Opening inDoubt() {
    return all().get(0);
  }

  @Test
  void socketThatCloses_isInDoubtIfItMayBeOfTheHost() {
    queue.add("perf", change(true, 7, 611, 10), process(1000), true);
    queue.close(change(false, 7, 611, 12));
    assertThat(inDoubt().takeDoubt()).isEqualTo(new Opening.Doubt(1, Duration.ofMillis(2)));
    queue.add("perf", change(true, 7, 611, 10), process(1000));
    queue.close(change(false, 7, 611, 12));
    assertThat(inDoubt().hasDoubt()).isFalse();
  }

  @Test
  void socketThatIsOpenWhileTheHostDoesNotShowIt_isInNoDoubt() {
    queue.add("perf", change(true, 7, 611, 10), process(1000), true);
    queue.add("perf", change(true, 8, 611, 10), process(1000), true);
    Opening opening = inDoubt();
    opening.isNotOfHost(Duration.ofMillis(20));
    queue.absent(opening);
    assertThat(queue.close(change(false, 8, 611, 21))).isFalse();
    assertThat(opening.hasDoubt()).isFalse();
  }

  /** The end of one was not read yet as the host was asked, and the other one is elsewhere. */
  @Test
  void endBeforeTheLook_isDueAgainAlthoughAnotherSocketIsOpen() {
    queue.add("perf", change(true, 7, 611, 10), process(1000), true);
    queue.add("perf", change(true, 8, 611, 11), process(1000), true);
    Opening opening = inDoubt();
    opening.isNotOfHost(Duration.ofMillis(20));
    queue.absent(opening);
    assertThat(queue.close(change(false, 7, 611, 19))).isTrue();
    assertThat(inDoubt().takeDoubt()).isEqualTo(new Opening.Doubt(1, Duration.ofMillis(8)));
    assertThat(opening.hasDoubt()).isFalse();
  }

  @Test
  void anotherUserAtTheSamePort_isAnotherOpening() {
    queue.add("perf", change(true, 7, 611, 10), process(1000));
    queue.add("perf", change(true, 8, 611, 10), process(1001));
    assertThat(all()).extracting(one -> one.key().uid()).containsExactly(1000L, 1001L);
  }

  @Test
  void floodOfOneUser_displacesOnlyItsOwnOpenings() {
    long displaced = 0;
    for (int port = 1; port <= 60_000; port++) {
      displaced += queue.add("perf", change(true, port, port, port), process(1000));
    }
    displaced += queue.add("perf", change(true, 99_999, 611, 5), process(1001));
    List<Opening> left = all();
    assertThat(left).hasSize(OpeningQueue.MOST);
    assertThat(left).anyMatch(one -> one.key().uid().equals(1001L));
    assertThat(displaced + left.size()).isEqualTo(60_001);
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void endThatIsReadLate_makesTheOpeningDueAgain() {
    queue.add("perf", change(true, 7, 611, 10), process(1000));
    Opening opening = all().get(0);
    queue.absent(opening);
    assertThat(all()).isEmpty();
    assertThat(queue.close(change(false, 7, 611, 11))).isTrue();
    assertThat(queue.isEmpty()).isFalse();
    assertThat(all()).containsExactly(opening);
    assertThat(opening.closedAfter()).isEqualTo(Duration.ofMillis(1));
  }

  @Test
  void endDuringTheLook_makesTheOpeningDueAgain() {
    queue.add("perf", change(true, 7, 611, 10), process(1000));
    Opening opening = all().get(0);
    assertThat(queue.close(change(false, 7, 611, 11))).isFalse();
    queue.absent(opening);
    assertThat(all()).containsExactly(opening);
  }

  @Test
  void endThatNeverComes_isForgotten() {
    queue.add("perf", change(true, 7, 611, 10), process(1000));
    queue.absent(all().get(0));
    queue.forgetAbsentBefore(Duration.ofMillis(11));
    assertThat(queue.close(change(false, 7, 611, 11))).isFalse();
    assertThat(all()).isEmpty();
  }

  @Test
  void endAfterTheLook_isThatOfAnOpenListener() {
    queue.add("perf", change(true, 7, 611, 10), process(1000));
    queue.looked(all().get(0));
    assertThat(queue.close(change(false, 7, 611, 11))).isFalse();
    assertThat(all()).isEmpty();
  }

  @Test
  void openingOfAnotherUser_isNotDelayedByAFlood() {
    for (int port = 1; port <= 2000; port++) {
      queue.add("perf", change(true, port, port, port), process(1000));
    }
    queue.add("perf", change(true, 99_999, 611, 5), process(1001));
    List<Opening> first = queue.takeBefore(Duration.ofDays(1));
    assertThat(first).hasSize(OpeningQueue.MOST_AT_ONCE);
    assertThat(first.get(0).key().uid()).isEqualTo(1001);
    assertThat(all()).hasSize(2001 - OpeningQueue.MOST_AT_ONCE);
  }

  @Test
  void openingThatHasNotSettled_waits() {
    queue.add("perf", change(true, 7, 611, 10), process(1000));
    queue.add("perf", change(true, 8, 612, 20), process(1000));
    assertThat(queue.takeBefore(Duration.ofMillis(15)))
        .extracting(one -> one.key().port())
        .containsExactly(611);
    assertThat(queue.oldest()).isEqualTo(Duration.ofMillis(20));
  }

  @Test
  void flood_leavesNothingBehind() {
    for (int i = 0; i < 100_000; i++) {
      queue.add("perf", change(true, i + 1, 1 + i % 60_000, i), process(i % 50));
      if (i % 1000 == 0) {
        all();
      }
    }
    all();
    assertThat(queue.size()).isZero();
    assertThat(queue.close(change(false, 100_000, 1, 1))).isFalse();
  }
}
