package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.namespace.NamespaceOpener;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  private final List<NetworkNamespace> all = new ArrayList<>();
  private Duration now = Duration.ZERO;
  private final ReadingTurns turns = new ReadingTurns(() -> now);

  ReadingTurnsTest() {
    for (long inode = 1; inode <= 5; inode++) {
      all.add(NetworkNamespace.other(inode, null, null, 0, NONE));
    }
    all.add(NetworkNamespace.host(9, null, NONE));
  }

  /** The namespaces that a look reads if each takes this time. */
  private List<Long> read(Duration each) {
    List<Long> read = new ArrayList<>();
    for (NetworkNamespace namespace : turns.begin(all)) {
      if (turns.admits(namespace)) {
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
