package io.portcurfew.judge;

import static io.portcurfew.judge.SampleListeners.allowedBy;
import static io.portcurfew.judge.SampleListeners.allowing;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Redirect;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.View;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.ContainerTerm;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.PathPattern;
import io.portcurfew.policy.Policy;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Redirects are judged by the same rules as sockets. */
class RedirectJudgeTest {

  private static final Endpoint AT = new Endpoint(Protocol.TCP, Address.ANY_IPV4, 6379);
  private static final Container REDIS =
      new Container(
          HostText.of("4c01db0b339c"),
          HostText.of("shop-redis-1"),
          HostText.of("redis:7"),
          HostText.of("shop"),
          HostText.of("redis"),
          null,
          null);
  private static final Owner PROXY = owner("/usr/bin/docker-proxy", "root", 0);
  private static final Owner NC = owner("/usr/bin/nc", "alice", 1000);
  private static final OwnerTerm BY_PROXY = new OwnerTerm("/usr/bin/docker-proxy", "root");
  private static final OwnerTerm BY_NAME =
      new OwnerTerm(null, null, null, named("shop-redis-*"), null, null);

  private static ContainerTerm named(String name) {
    return new ContainerTerm(null, new PathPattern(name), null, null, null, null, null);
  }

  private static Owner owner(String path, String user, long uid) {
    HostText unit = HostText.of("a.service");
    OwnerDetails details =
        OwnerDetails.builder().deleted(false).elsewhere(false).unit(unit).build();
    return new Owner((int) uid + 7, null, HostText.of(path), HostText.of(user), uid, details);
  }

  private static Listener published(Owner... owners) {
    Redirect via = new Redirect("docker", REDIS, HostText.of("172.18.0.2:6379"), false);
    return Listener.redirect(AT, List.of(owners), via);
  }

  private static List<Finding> findings(Policy policy, Listener listener) {
    return Judge.judge(policy, SampleListeners.seen(listener), List.of()).findings();
  }

  @Test
  void exposedRedirectNamesItsContainer() {
    Policy policy = allowing(SampleListeners.allowed("redis", 6379, new AddressTerm.Loopback()));
    assertThat(findings(policy, published()))
        .singleElement()
        .extracting(Finding::message)
        .isEqualTo(
            "tcp 0.0.0.0:6379 via docker shop-redis-1 -> 172.18.0.2:6379 listens on an address that"
                + " is not allowed (allowed: loopback); held by container shop-redis-1 (image"
                + " redis:7, project shop, service redis)");
  }

  @ParameterizedTest
  @CsvSource({
    "'', name, ",
    "proxy, name, ",
    "proxy, proxy, ",
    "'', proxy, wrong-owner",
    "'', other, wrong-owner",
    "proxy, other, wrong-owner",
    "nc, name, wrong-owner",
    "'proxy,nc', name, wrong-owner",
    "'proxy,nc', proxy, wrong-owner",
    "fake, name, wrong-owner",
  })
  void everyReceiverHasToBeAccepted(String owners, String term, String kind) {
    Owner[] holders =
        Stream.of(owners.split(","))
            .filter(name -> !name.isEmpty())
            .map(
                name ->
                    switch (name) {
                      case "proxy" -> PROXY;
                      case "nc" -> NC;
                      default -> owner("/home/x/docker-proxy", "alice", 1000);
                    })
            .toArray(Owner[]::new);
    OwnerTerm by =
        switch (term) {
          case "name" -> BY_NAME;
          case "proxy" -> BY_PROXY;
          default -> new OwnerTerm(null, null, null, named("other"), null, null);
        };
    List<String> kinds =
        findings(allowing(allowedBy("redis", 6379, by)), published(holders)).stream()
            .map(finding -> finding.kind().label())
            .toList();
    assertThat(kinds).isEqualTo(kind == null ? List.of() : List.of(kind));
  }

  @Test
  void unknownReceiverIsUnknown() {
    Redirect via = new Redirect("nft", null, HostText.of("10.0.0.9:80"), false);
    Listener elsewhere = Listener.redirect(AT, List.of(PROXY), via);
    assertThat(findings(allowing(allowedBy("redis", 6379, BY_PROXY)), elsewhere))
        .extracting(finding -> finding.kind().label())
        .containsExactly("owner-unknown");
  }

  @Test
  void publishedUdpPortIsNoClient() {
    Endpoint udp = new Endpoint(Protocol.UDP, Address.ANY_IPV4, 40_000);
    Redirect via = new Redirect("docker", REDIS, null, false);
    Snapshot snapshot = SampleListeners.seen(Listener.redirect(udp, List.of(), via));
    assertThat(PortRange.LINUX_EPHEMERAL.contains(40_000)).isTrue();
    assertThat(snapshot.isOfClient(snapshot.listeners().get(0))).isFalse();
  }

  @Test
  void redirectWithoutASocketIsNotHidden() {
    Snapshot snapshot =
        SampleListeners.snapshot(
            new View("sock_diag", true, List.of(published()), List.of()),
            new View("ss", true, List.of(), List.of()));
    assertThat(snapshot.disagreements()).isEmpty();
    assertThat(snapshot.listeners()).hasSize(1);
  }
}
