package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.SocketPlace.Family;
import io.portcurfew.observe.linux.kernel.FamilySocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnlistedReasonTest {

  private static FamilySocket held(Family family, long inode) {
    return new FamilySocket(family, 0, null, 0, 0, 0, inode, null, 0, null, null);
  }

  @Test
  void socketsAreAllShown_onlyIfTheirNumberIsThatOfTheKernel() {
    FamilyReader.UnlistedReason two = new FamilyReader.UnlistedReason("there are 2", false, 2);
    FamilySocket one = held(Family.XDP, 1);
    assertThat(two.isFilledBy(List.of(one, one, held(Family.VSOCK, 2)), Family.XDP)).isFalse();
    assertThat(two.isFilledBy(List.of(one, held(Family.XDP, 2)), Family.XDP)).isTrue();
    FamilyReader.UnlistedReason unknown = new FamilyReader.UnlistedReason("refused", false);
    assertThat(unknown.isFilledBy(List.of(one), Family.XDP)).isFalse();
  }
}
