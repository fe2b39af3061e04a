package io.portcurfew.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewMergeTest {

  private static Endpoint tcp(String address, int port) {
    return new Endpoint(Protocol.TCP, Address.parse(address).orElseThrow(), port);
  }

  private static View view(String source, Listener... listeners) {
    return new View(source, true, List.of(listeners), List.of());
  }

  private static Listener at(Endpoint endpoint, String source, Owner... owners) {
    return new Listener(endpoint, null, List.of(owners), source);
  }

  private static List<Disagreement> disagreements(List<View> views) {
    return ViewMerge.disagreements(views, ViewMerge.listeners(views));
  }

  @Test
  void twoViewsOfAListenerAreMerged() {
    Endpoint ssh = tcp("0.0.0.0", 22);
    Owner name = new Owner(7, HostText.of("sshd"), null, null, null);
    Owner executable = new Owner(7, null, HostText.of("/usr/sbin/sshd"), null, 0L);
    List<View> views =
        List.of(view("oshi", at(ssh, "oshi", executable)), view("ss", at(ssh, "ss", name)));
    List<Listener> merged = ViewMerge.listeners(views);
    assertThat(merged).hasSize(1);
    assertThat(merged.get(0).seenBy()).containsExactly("oshi", "ss");
    assertThat(merged.get(0).owners())
        .containsExactly(
            new Owner(7, HostText.of("sshd"), HostText.of("/usr/sbin/sshd"), null, 0L));
    assertThat(disagreements(views)).isEmpty();
  }

  /** A source without a right names no owner of a socket that another one knows. */
  @Test
  void unknownOwnerOfOneSource_isThatOfTheOther() {
    Endpoint mdns = tcp("0.0.0.0", 5353);
    Listener known = at(mdns, "ss", Owner.of(7));
    Listener unseen = at(mdns, "oshi").without(UnknownOwner.NO_RIGHT);
    assertThat(known.and(unseen).unknownOwner()).isNull();
    assertThat(unseen.and(known).unknownOwner()).isNull();
    assertThat(unseen.and(unseen).unknownOwner()).isEqualTo(UnknownOwner.NO_RIGHT);
    Listener two = known.beside(unseen);
    assertThat(two.owners()).containsExactly(Owner.of(7));
    assertThat(two.unknownOwner()).isEqualTo(UnknownOwner.NO_RIGHT);
    assertThat(two.and(known).unknownOwner()).isEqualTo(UnknownOwner.NO_RIGHT);
    assertThat(known.and(two).unknownOwner()).isNull();
    assertThat(two.and(at(mdns, "lsof")).unknownOwner()).isEqualTo(UnknownOwner.NO_RIGHT);
  }

  @Test
  void anInterfaceOfOneSourceIsNoDisagreement() {
    List<View> views =
        List.of(
            view("oshi", at(tcp("127.0.0.53", 53), "oshi")),
            view("ss", at(tcp("127.0.0.53%lo", 53), "ss")));
    assertThat(ViewMerge.listeners(views))
        .extracting(Listener::endpoint)
        .containsExactly(tcp("127.0.0.53%lo", 53));
    assertThat(disagreements(views)).isEmpty();
  }

  @Test
  void impreciseAddress_matchesPreciseOnesWithoutOwners() {
    List<View> views =
        List.of(
            view("oshi", at(tcp("fe80::1", 546), "oshi", Owner.of(9))),
            view("ss", at(tcp("fe80::1%eth0", 546), "ss"), at(tcp("fe80::1%eth1", 546), "ss")));
    assertThat(ViewMerge.listeners(views))
        .extracting(Listener::endpoint)
        .containsExactly(tcp("fe80::1%eth0", 546), tcp("fe80::1%eth1", 546));
    assertThat(ViewMerge.listeners(views)).allMatch(listener -> listener.owners().isEmpty());
    assertThat(disagreements(views)).isEmpty();
  }

  @Test
  void bothAddressesOfOneSourceAreKept() {
    List<View> views =
        List.of(
            view("oshi", at(tcp("0.0.0.0", 67), "oshi")),
            view("ss", at(tcp("0.0.0.0", 67), "ss"), at(tcp("0.0.0.0%br0", 67), "ss")));
    assertThat(ViewMerge.listeners(views))
        .extracting(Listener::endpoint)
        .containsExactly(tcp("0.0.0.0", 67), tcp("0.0.0.0%br0", 67));
  }

  @Test
  void aCutAddressMatchesTheFullOne() {
    Endpoint whole = tcp("fe80::aede:48ff:fe00:1122", 49159);
    Endpoint cut = new Endpoint(Protocol.TCP, Address.cutAt("fe80::aede:48ff:"), 49159);
    List<View> views =
        List.of(view("netstat", at(cut, "netstat")), view("lsof", at(whole, "lsof")));
    assertThat(ViewMerge.listeners(views)).extracting(Listener::endpoint).containsExactly(whole);
    assertThat(disagreements(views)).isEmpty();
  }

  @Test
  void anotherPortOrProtocolIsAnotherListener() {
    Endpoint udp = new Endpoint(Protocol.UDP, Address.ANY_IPV4, 611);
    List<View> views =
        List.of(view("oshi", at(tcp("0.0.0.0", 611), "oshi")), view("ss", at(udp, "ss")));
    assertThat(ViewMerge.listeners(views)).hasSize(2);
    assertThat(disagreements(views)).hasSize(2);
  }

  @Test
  void theOrderOfTheViewsChangesNoEndpoint() {
    View one = view("oshi", at(tcp("fe80::1", 546), "oshi"), at(tcp("::", 80), "oshi"));
    View other = view("ss", at(tcp("fe80::1%eth0", 546), "ss"));
    assertThat(ViewMerge.listeners(List.of(one, other)))
        .isEqualTo(ViewMerge.listeners(List.of(other, one)));
  }

  @Test
  void anUnreadNamespaceMakesTheSnapshotIncomplete() {
    Gap unseen = new Gap("sock_diag", Gap.What.NAMESPACE, "namespace web: not permitted");
    View kernel = new View("sock_diag", false, List.of(), List.of(unseen));
    assertThat(snapshot(kernel, view("ss")).complete()).isFalse();
    assertThat(snapshot(view("sock_diag"), view("ss")).complete()).isTrue();
  }

  private static Snapshot snapshot(View... views) {
    return PlainSnapshots.of(Instant.EPOCH, views);
  }
}
