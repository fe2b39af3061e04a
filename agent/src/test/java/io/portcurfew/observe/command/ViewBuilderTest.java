package io.portcurfew.observe.command;

import static io.portcurfew.observe.command.Captures.gaps;
import static io.portcurfew.observe.command.Captures.listeners;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewBuilderTest {

  private final ViewBuilder view = new ViewBuilder("test");

  private static Endpoint tcp(int port) {
    return new Endpoint(Protocol.TCP, Address.ANY_IPV4, port);
  }

  @Test
  void repeatedEndpoint_isOneListenerWithAllOwners() {
    Owner named = new Owner(7, HostText.of("d"), null, null, null);
    view.listener(tcp(611), null, List.of(Owner.of(8), Owner.of(7)));
    view.listener(tcp(611), true, List.of(named, new Owner(7, null, null, null, 0L)));
    view.listener(tcp(611), false, List.of());

    assertThat(listeners(view.build(true))).containsExactly("tcp 0.0.0.0:611 dual by 7 (d)/0, 8");
  }

  @Test
  void theOrderOfRowsChangesNothing() {
    view.listener(tcp(22), null, List.of(Owner.of(2)));
    view.listener(tcp(6), null, List.of(Owner.of(1)));

    assertThat(listeners(view.build(true)))
        .containsExactly("tcp 0.0.0.0:6 by 1", "tcp 0.0.0.0:22 by 2");
  }

  @Test
  void unreadableRowsAreLimitedAndCounted() {
    view.understood();
    for (int i = 0; i < 1_000; i++) {
      view.unreadable("no row", ByteText.raw("row " + i));
    }
    View built = view.build(true);

    assertThat(gaps(built))
        .hasSize(ViewBuilder.MOST_SHOWN + 1)
        .contains("row: no row: row 19", "row: 980 more like these");
    assertThat(built.complete()).isFalse();
  }

  @Test
  void otherGapsAreLimitedToo() {
    view.understood();
    for (int i = 0; i < 1_000; i++) {
      view.gap(Gap.What.PROTOCOL, "protocol " + i);
      view.gap(Gap.What.OWNERS, "the same");
    }
    View built = view.build(true);

    assertThat(gaps(built))
        .hasSize(ViewBuilder.MOST_SHOWN + 2)
        .contains("protocol: 980 more like these");
    assertThat(built.complete()).isTrue();
  }

  @Test
  void endpointsBeyondTheLimit_areAGap() {
    for (int i = 0; i < ViewBuilder.MOST_LISTENERS + 2; i++) {
      Address address = Address.of(new byte[] {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i});
      view.listener(new Endpoint(Protocol.UDP, address, 611), null, List.of(Owner.of(1)));
    }
    View built = view.build(true);

    assertThat(built.listeners()).hasSize(ViewBuilder.MOST_LISTENERS);
    assertThat(gaps(built))
        .containsExactly("listeners: more than 131072 endpoints: the rest is ignored");
    assertThat(built.complete()).isFalse();
  }

  @Test
  void unknownOwnersAreAGapThatHidesNothing() {
    view.listener(tcp(22), null, List.of(Owner.of(2)));
    view.listener(tcp(6), null, List.of());
    View built = view.build(true);

    assertThat(gaps(built)).containsExactly("owners: it names no owner for 1 of 2 listeners");
    assertThat(built.complete()).isTrue();
  }

  @Test
  void rowWithoutOwnerBesideAnother_leavesOneUnknown() {
    view.listener(tcp(22), null, List.of());
    view.listener(tcp(22), null, List.of(Owner.of(2)));
    view.listener(tcp(6), null, List.of());
    List<Listener> built = view.build(true).listeners();

    assertThat(built.get(0).hasAnotherOwner()).isFalse();
    assertThat(built.get(1).owners()).containsExactly(Owner.of(2));
    assertThat(built.get(1).hasAnotherOwner()).isTrue();
  }

  @Test
  void unknownTextIsNotComplete() {
    view.gap(Gap.What.OWNERS, "a message");

    assertThat(gaps(view.build(true)))
        .containsExactlyInAnyOrder(
            "listeners: there is no output, not even the header of a table", "owners: a message");
  }

  @Test
  void aLimitedFormatIsNeverComplete() {
    view.understood();

    assertThat(view.build(false).complete()).isFalse();
  }
}
