package io.portcurfew.observe.linux.unlisted;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UnlistedSocketsTest {

  private static HeldInode socket(long inode, int pid, long user) {
    return new HeldInode(inode, pid, 3, "UDP", user, Duration.ZERO);
  }

  @Test
  void unlistedSockets_areOneGapForEachUser() {
    Map<HeldInode, HostText> unlisted = new LinkedHashMap<>();
    for (int i = 0; i < 300; i++) {
      unlisted.put(socket(i, 5000 + i, 1000), HostText.of("evil\n"));
    }
    unlisted.put(socket(900, 7, 65534), HostText.of("python3"));
    List<Gap> gaps = UnlistedSockets.gaps("sock_diag", unlisted);
    assertThat(gaps).hasSize(2).noneMatch(Gap::hidesListeners);
    assertThat(gaps.get(0).why()).startsWith("300 sockets of uid 1000").hasSizeLessThan(400);
    assertThat(gaps.get(0).why()).doesNotContain("\n");
    assertThat(gaps.get(1).why()).startsWith("1 socket of uid 65534").contains("UDP of python3[7]");
    assertThat(gaps.get(1).cause()).isEqualTo(Gap.Cause.SOCKETS_UNLISTED);
  }
}
