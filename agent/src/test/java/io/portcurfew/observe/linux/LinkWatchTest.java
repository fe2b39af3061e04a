package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LinkWatchTest {

  private static String names(String table) {
    return LinkWatch.names(table.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void tableOfDevices_hasNames() {
    String header =
        """
        Inter-|   Receive                            |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes
        """;
    assertThat(names(header)).isEmpty();
    assertThat(names(header + "    lo: 7 8\n  eth0:99999 1\nveryLongName15: 1\n"))
        .isEqualTo("lo/eth0/veryLongName15/");
    assertThat(names(header + "    lo: 1 2\n")).isEqualTo(names(header + "    lo: 30 4\n"));
  }

  private final List<KeptTables> others =
      Stream.generate(KeptTables::new).limit(9).collect(Collectors.toList());
  private Duration now = Duration.ZERO;
  private final LinkWatch watch = new LinkWatch(() -> now);

  /** Looks at all namespaces, and returns how many of them had their links read. */
  private long linksReadAfter(Duration pause, boolean frequent) {
    now = now.plus(pause);
    watch.beginLook(frequent);
    byte[] table = "lo: 0\n".getBytes(StandardCharsets.ISO_8859_1);
    others.forEach(one -> one.read.clear());
    others.forEach(one -> watch.look(one.namespace, table));
    return others.stream().filter(one -> one.read.contains("links")).count();
  }

  private void lookUntilTheirTurn(boolean frequent) {
    assertThat(linksReadAfter(TurnClock.WHOLE_TURN, frequent)).as("they are new").isEqualTo(9);
    for (int look = 0; look < LinkWatch.LOOKS; look++) {
      assertThat(linksReadAfter(TurnClock.WHOLE_TURN, frequent)).isZero();
    }
    assertThat(linksReadAfter(TurnClock.WHOLE_TURN, frequent)).isOne();
  }

  @Test
  void turnOfFrequentLooks_readsTheLinksOfOneNamespaceForEachPause() {
    lookUntilTheirTurn(true);
    assertThat(linksReadAfter(TurnClock.WHOLE_TURN, true)).isEqualTo(2);
    assertThat(linksReadAfter(LinkWatch.BETWEEN_OTHERS, true)).isOne();
    assertThat(linksReadAfter(Duration.ofHours(1), true)).as("it is no flood").isLessThan(4);
  }

  @Test
  void distantLook_readsTheLinksOfOneNamespace() {
    lookUntilTheirTurn(false);
    assertThat(linksReadAfter(Duration.ofHours(1), false)).isOne();
  }
}
