package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
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
}
