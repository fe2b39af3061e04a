package io.portcurfew.baseline;

import static io.portcurfew.judge.SampleListeners.allowing;
import static io.portcurfew.judge.SampleListeners.owner;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.cli.json.DriftJson;
import io.portcurfew.cli.text.DriftLine;
import io.portcurfew.judge.CrossCheck;
import io.portcurfew.judge.SampleSockets;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.OtherSockets;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.SocketPlace.Family;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SocketComparisonTest {

  private static final Owner LLDPD = owner(7, "/usr/sbin/lldpd", "root");
  private static final Owner DOOR = owner(9, "/tmp/door", "root");
  private static final Rule LLDP = rule("lldpd-packet", Family.PACKET);

  private static Rule rule(String name, Family family) {
    return new Rule(
        name,
        RuleScope.ofSockets(Set.of(family), Endpoint.HOST, List.of()),
        Expectation.ALLOWED,
        new RuleTerms(List.of(), List.of(new OwnerTerm("/usr/sbin/lldpd", "root"))),
        NotifySettings.of(Severity.WARNING));
  }

  private static OtherSocket socket(Family family, String protocol, Owner... owners) {
    return in(Endpoint.HOST, family, protocol, owners);
  }

  private static OtherSocket in(String namespace, Family family, String protocol, Owner... owners) {
    SocketPlace place = new SocketPlace(family, protocol, null, null, null, namespace);
    return new OtherSocket(
        place, List.of(owners), owners.length == 0 ? UnknownOwner.NO_RIGHT : null);
  }

  private static Snapshot seen(OtherSocket... sockets) {
    return SampleSockets.seen(new OtherSockets(true, List.of(sockets), List.of()));
  }

  private static DriftReport diff(Snapshot snapshot, Rule... learned) {
    return Comparison.drift(allowing(learned), List.of(learned), snapshot, CrossCheck.NONE);
  }

  private static List<String> lines(DriftReport report) {
    return report.sockets().stream().map(DriftLine::of).toList();
  }

  @Test
  void socketsOfTheBaseline_giveNoDifference() {
    DriftReport none = diff(seen(socket(Family.PACKET, "lldp", LLDPD)), LLDP);
    assertThat(none.isEmpty()).isTrue();
    assertThat(none.complete()).isTrue();
  }

  @Test
  void otherOwner_isAChange() {
    assertThat(lines(diff(seen(socket(Family.PACKET, "lldp", DOOR)), LLDP)))
        .singleElement()
        .asString()
        .startsWith("~ packet lldp [lldpd-packet]: owner ")
        .contains("/usr/sbin/lldpd")
        .endsWith(" -> /tmp/door as root");
  }

  @Test
  void socketOfAFamilyOfTheBaseline_isOpenedWithoutARule() {
    Snapshot now =
        seen(
            socket(Family.PACKET, "lldp", LLDPD),
            in("web", Family.PACKET, "lldp", DOOR),
            in("web", Family.RAW, "ospf", DOOR));
    assertThat(lines(diff(now, LLDP))).containsExactly("+ packet lldp in web: /tmp/door as root");
  }

  @Test
  void unlistedSniffer_isOpenedWithoutABaseline() {
    assertThat(lines(diff(seen(socket(Family.PACKET, "all", DOOR)))))
        .containsExactly("+ packet all: /tmp/door as root");
  }

  @Test
  void unknownOwner_isNoDifferenceAndNotTested() {
    DriftReport report = diff(seen(socket(Family.PACKET, "lldp")), LLDP);
    assertThat(report.isEmpty()).isTrue();
    assertThat(report.untested()).hasSize(1);
    assertThat(report.complete()).isFalse();
  }

  @Test
  void ruleWithoutASocket_isMissing_whereAllWouldBeSeen() {
    assertThat(lines(diff(seen(), LLDP)))
        .singleElement()
        .asString()
        .startsWith("- packet [lldpd-packet]: was ")
        .contains("/usr/sbin/lldpd");
    OtherSockets.Unlisted refused =
        new OtherSockets.Unlisted(Family.PACKET, Endpoint.HOST, "refused", false);
    Snapshot partly = SampleSockets.seen(new OtherSockets(true, List.of(), List.of(refused)));
    assertThat(diff(partly, LLDP).sockets()).isEmpty();
  }

  @Test
  void json_namesTheSocket() {
    Snapshot now = seen(socket(Family.PACKET, "all", DOOR));
    assertThat(DriftJson.render(diff(now), now).replaceAll("\\s+", " "))
        .contains("\"change\": \"opened\", \"socket\": { \"family\": \"packet\"")
        .contains("/tmp/door");
  }
}
