package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.namespace.NamespaceOpener;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReadingTurnsTest {

  private static final NamespaceOpener NONE =
      new NamespaceOpener() {
        @Override
        public SocketTable sockDiag(NetworkNamespace namespace) throws KernelException {
          throw new KernelException("none");
        }

        @Override
        public SocketTable tables(NetworkNamespace namespace) throws KernelException {
          throw new KernelException("none");
        }
      };

  private static final TurnClock.LookTurn DISTANT = new TurnClock.LookTurn(false, true, true);
  private static final TurnClock.LookTurn TURN = new TurnClock.LookTurn(true, true, true);

  private final List<NetworkNamespace> all = new ArrayList<>();
  private Duration now = Duration.ZERO;
  private final ReadingTurns turns = new ReadingTurns(() -> now);

  ReadingTurnsTest() {
    for (long inode = 1; inode <= 5; inode++) {
      all.add(NetworkNamespace.other(inode, null, null, 0, NONE));
    }
    all.add(NetworkNamespace.host(9, null, 0, NONE));
  }

  /** The namespaces that a look reads if each takes this time. */
  private List<Long> read(Duration each) {
    return read(each, DISTANT, false, Set.of());
  }

  private List<Long> read(
      Duration each, TurnClock.LookTurn turn, boolean everything, Set<Long> stirred) {
    List<Long> read = new ArrayList<>();
    for (NetworkNamespace namespace : turns.begin(all, turn, everything, stirred)) {
      if (!turns.rests(namespace) && turns.admits(namespace)) {
        read.add(namespace.inode());
        now = now.plus(each);
      }
    }
    return read;
  }

  @Test
  void quickLook_readsAll() {
    assertThat(read(Duration.ofMillis(10))).containsExactly(9L, 1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void slowLook_continuesInTheNext() {
    assertThat(read(Duration.ofMillis(700))).containsExactly(9L, 1L, 2L);
    assertThat(read(Duration.ofMillis(700))).containsExactly(9L, 3L, 4L);
    assertThat(read(Duration.ofMillis(700))).containsExactly(9L, 5L, 1L);
    assertThat(read(Duration.ofMillis(10))).containsExactly(9L, 2L, 3L, 4L, 1L, 5L);
  }

  /** A look a second after the last one, in which reading takes no time. */
  private List<Long> readSoon(Long... stirred) {
    now = now.plusSeconds(1);
    return read(Duration.ZERO, TurnClock.LookTurn.NONE, false, Set.of(stirred));
  }

  @Test
  void frequentLooks_readIdleNamespacesInTheirTurn() {
    read(Duration.ZERO);
    assertThat(readSoon()).as("they are new").hasSize(6);
    now = now.plus(ReadingTurns.IDLE_AFTER);
    assertThat(readSoon()).as("they rest after a turn").hasSize(6);
    assertThat(read(Duration.ZERO, TURN, false, Set.of())).containsExactly(9L, 1L, 2L, 3L, 4L, 5L);
    assertThat(readSoon()).containsExactly(9L);
    assertThat(readSoon()).containsExactly(9L);
  }

  @Test
  void namespaceThatRests_isAmongThoseThatAreAsked() {
    read(Duration.ZERO);
    now = now.plus(ReadingTurns.IDLE_AFTER);
    TurnClock.LookTurn question = new TurnClock.LookTurn(true, false, true);
    assertThat(turns.begin(all, question, false, Set.of())).hasSize(6);
    assertThat(all).filteredOn(turns::rests).hasSize(5);
    assertThat(turns.begin(all, TurnClock.LookTurn.NONE, false, Set.of())).hasSize(1);
  }

  @Test
  void namespaceThatIsFoundBetweenTurns_doesNotRest() {
    read(Duration.ZERO);
    now = now.plus(ReadingTurns.IDLE_AFTER);
    assertThat(readSoon()).hasSize(1);
    NetworkNamespace found = NetworkNamespace.other(6, null, null, 0, NONE);
    all.add(found);
    assertThat(turns.admits(found)).isTrue();
    assertThat(readSoon()).containsExactly(9L, 6L);
    assertThat(readSoon()).containsExactly(9L, 6L);
  }

  @Test
  void whatATurnHasNoTimeFor_isReadInTheNextLook() {
    read(Duration.ZERO);
    now = now.plus(ReadingTurns.IDLE_AFTER);
    assertThat(readSoon()).containsExactly(9L);
    assertThat(read(Duration.ofMillis(700), TURN, false, Set.of())).containsExactly(9L, 1L, 2L);
    assertThat(readSoon()).containsExactly(9L, 3L, 4L, 5L);
    assertThat(readSoon()).as("they rest after a turn").containsExactly(9L, 3L, 4L, 5L);
    assertThat(read(Duration.ZERO, TURN, false, Set.of())).hasSize(6);
    assertThat(readSoon()).containsExactly(9L);
  }

  @Test
  void namespaceThatAProcessEntered_isReadAtOnce() {
    read(Duration.ZERO);
    now = now.plus(ReadingTurns.IDLE_AFTER);
    assertThat(readSoon(4L)).contains(4L);
    for (int look = 0; look < 5; look++) {
      assertThat(readSoon()).as("it is not idle").contains(4L);
    }
  }

  @Test
  void distantLook_orOneAfterAnEvent_readsAll() {
    read(Duration.ZERO);
    now = now.plus(ReadingTurns.IDLE_AFTER);
    assertThat(readSoon()).hasSize(1);
    assertThat(read(Duration.ZERO, TurnClock.LookTurn.NONE, true, Set.of())).hasSize(6);
    assertThat(read(Duration.ZERO, DISTANT, false, Set.of())).hasSize(6);
  }

  @Test
  void leftOutNamespace_isAGapOfItsPlace() {
    NetworkNamespace namespace = all.get(0);
    SocketTable.Contents look = namespace.tables().leaveOut("test");
    assertThat(look.changed()).isFalse();
    assertThat(look.gaps())
        .singleElement()
        .satisfies(gap -> assertThat(gap.hidesListeners()).isTrue())
        .extracting(gap -> gap.place().namespace())
        .isEqualTo(namespace.name());
  }
}
