package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.OtherSockets;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.observe.View;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListenerHistoryTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private static Listener in(String namespace) {
    Address address = Address.parse("0.0.0.0").orElseThrow();
    Endpoint endpoint = new Endpoint(Protocol.TCP, address, 611, namespace);
    return new Listener(endpoint, null, List.of(), "sock_diag");
  }

  private static Snapshot look(List<Listener> listeners, Gap... gaps) {
    return PlainSnapshots.of(
        NOON, new View("sock_diag", gaps.length == 0, listeners, List.of(gaps)));
  }

  private static Listener withDigest(String digest) {
    HostText sha256 = digest == null ? null : HostText.of(digest);
    OwnerDetails details = OwnerDetails.builder().sha256(sha256).build();
    Owner owner = new Owner(7, null, HostText.of("/bin/nc"), null, 0L, details);
    return new Listener(in("host").endpoint(), null, List.of(owner), "sock_diag");
  }

  @Test
  void digestAskedForLater_isNoOtherListener() {
    ListenerHistory history = new ListenerHistory(NOON);
    assertThat(history.update(look(List.of(withDigest(null))), NOON)).hasSize(1);
    assertThat(history.update(look(List.of(withDigest("aa"))), NOON)).isEmpty();
    assertThat(history.update(look(List.of(withDigest(null))), NOON)).isEmpty();
    assertThat(history.update(look(List.of(withDigest("bb"))), NOON)).as("another file").hasSize(2);
  }

  @Test
  void onlyWhatTheLookCoversHasEnded() {
    ListenerHistory history = new ListenerHistory(NOON);
    assertThat(history.update(look(List.of(in("host"), in("web"))), NOON)).hasSize(2);
    Gap gap = new Gap("sock_diag", Gap.What.NAMESPACE, "closed", null, Place.in("web"));
    assertThat(history.update(look(List.of(), gap), NOON)).as("that of the host").hasSize(1);
    assertThat(history.update(look(List.of()), NOON)).as("that of web").hasSize(1);
  }

  private static Snapshot sockets(OtherSockets sockets) {
    return PlainSnapshots.of(
        NOON, new View("sock_diag", true, List.of(), List.of(), sockets, List.of()));
  }

  @Test
  void socketOfAnotherFamilyComesAndGoes() {
    ListenerHistory history = new ListenerHistory(NOON);
    SocketPlace place =
        new SocketPlace(SocketPlace.Family.PACKET, "all", null, null, "eth0", "host");
    OtherSockets seen =
        new OtherSockets(
            true, List.of(new OtherSocket(place, List.of(), UnknownOwner.GONE)), List.of());
    assertThat(history.update(sockets(seen), NOON)).hasSize(1);
    assertThat(history.update(sockets(seen), NOON)).isEmpty();
    assertThat(history.update(look(List.of()), NOON)).as("nobody looked").isEmpty();
    OtherSockets unlisted =
        new OtherSockets(
            true,
            List.of(),
            List.of(
                new OtherSockets.Unlisted(SocketPlace.Family.PACKET, "host", "refused", false)));
    assertThat(history.update(sockets(unlisted), NOON)).as("not seen").isEmpty();
    OtherSockets none = new OtherSockets(true, List.of(), List.of());
    assertThat(history.update(sockets(none), NOON)).as("closed").hasSize(1);
    assertThat(history.firstSeen()).as("it is no listener").isEmpty();
  }
}
