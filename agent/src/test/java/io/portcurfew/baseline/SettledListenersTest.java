package io.portcurfew.baseline;

import static io.portcurfew.baseline.LearningFixture.SSHD;
import static io.portcurfew.judge.SampleListeners.held;
import static io.portcurfew.judge.SampleListeners.partlySeen;
import static io.portcurfew.judge.SampleListeners.seen;
import static io.portcurfew.judge.SampleListeners.tcp;
import static io.portcurfew.judge.SampleListeners.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Snapshot;
import org.junit.jupiter.api.Test;

class SettledListenersTest {

  private static final Listener SSH = held(tcp("::", 22), SSHD);
  private static final Listener RANDOM = held(udp("0.0.0.0", 4711));
  private static final Snapshot FIRST = seen(SSH, RANDOM);

  @Test
  void aSocketThatClosedIsLeftOut() {
    assertThat(SettledListeners.of(FIRST, seen(SSH)).listeners()).containsExactly(SSH);
  }

  @Test
  void anOwnerThatIsFoundLaterIsUsed() {
    Listener owned = held(RANDOM.endpoint(), SSHD);
    assertThat(SettledListeners.of(FIRST, seen(SSH, owned)).listeners())
        .containsExactly(SSH, owned);
  }

  /** A server forks for each session, and the child has ended before its file was read. */
  @Test
  void anEndedChildBesideTheServerIsForgotten() {
    Listener forked = held(SSH.endpoint(), SSHD, Owner.of(701));
    assertThat(SettledListeners.of(seen(forked), seen(SSH)).listeners()).containsExactly(SSH);
  }

  @Test
  void listenerUnderALaterGap_stays() {
    assertThat(SettledListeners.of(FIRST, partlySeen(SSH)).listeners())
        .containsExactlyElementsOf(FIRST.listeners());
  }

  /** A listener with an owner was there, whatever comes later. */
  @Test
  void onlyUnknownOwnersAreDecided() {
    Snapshot settled = SettledListeners.of(FIRST, seen(held(tcp("::", 80), SSHD)));
    assertThat(settled.listeners()).containsExactly(SSH);
    assertThat(SettledListeners.wantsAnotherLook(FIRST)).isTrue();
    assertThat(SettledListeners.wantsAnotherLook(settled)).isFalse();
  }
}
