package io.portcurfew.baseline;

import static io.portcurfew.judge.SampleListeners.allowed;
import static io.portcurfew.judge.SampleListeners.allowedBy;
import static io.portcurfew.judge.SampleListeners.allowing;
import static io.portcurfew.judge.SampleListeners.closed;
import static io.portcurfew.judge.SampleListeners.held;
import static io.portcurfew.judge.SampleListeners.owner;
import static io.portcurfew.judge.SampleListeners.partlySeen;
import static io.portcurfew.judge.SampleListeners.required;
import static io.portcurfew.judge.SampleListeners.seen;
import static io.portcurfew.judge.SampleListeners.tcp;
import static io.portcurfew.judge.SampleListeners.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.CrossCheck;
import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DriftReportTest {

  private static final Owner SSHD = owner(700, "/usr/sbin/sshd", "root");
  private static final Owner NC = owner(900, "/usr/bin/nc", "nobody");
  private static final Rule SSH = allowedBy("sshd-22", 22, new OwnerTerm("/usr/sbin/sshd", "root"));

  private static DriftReport diff(Snapshot snapshot, Rule... learned) {
    return Comparison.drift(allowing(learned), Arrays.asList(learned), snapshot, CrossCheck.NONE);
  }

  private static List<String> shown(DriftReport differences) {
    return differences.all().stream().map(d -> d.change().sign() + " " + d.endpoint()).toList();
  }

  @Test
  void listenersOfTheBaseline_giveNoDifference() {
    DriftReport none = diff(seen(held(tcp("0.0.0.0", 22), SSHD)), SSH);
    assertThat(none).isEqualTo(new DriftReport(List.of(), List.of(), List.of(), true));
  }

  @Test
  void unlistedListenerIsOpenedUnderAnAllowingDefault() {
    Snapshot now = seen(held(tcp("0.0.0.0", 611), NC), held(tcp("0.0.0.0", 80), NC));
    assertThat(shown(diff(now, closed("npmp-gui", 611))))
        .containsExactly("+ tcp 0.0.0.0:80", "+ tcp 0.0.0.0:611");
  }

  @Test
  void udpClientIsNotOpened() {
    assertThat(shown(diff(seen(held(udp("0.0.0.0", 40000), NC))))).isEmpty();
  }

  @Test
  void otherOwnerOrAddressIsAChange() {
    Rule local = allowed("local-80", 80, new AddressTerm.Loopback());
    DriftReport differences =
        diff(seen(held(tcp("0.0.0.0", 22), NC), held(tcp("0.0.0.0", 80), NC)), SSH, local);
    assertThat(shown(differences)).containsExactly("~ tcp 0.0.0.0:22", "~ tcp 0.0.0.0:80");
    Drift owner = differences.all().get(0);
    Drift address = differences.all().get(1);
    assertThat(owner.changedOwner()).isTrue();
    assertThat(owner.changedAddress()).isFalse();
    assertThat(address.changedOwner()).isFalse();
    assertThat(address.changedAddress()).isTrue();
  }

  @Test
  void otherAddressAndOwnerAreOneDifference() {
    Rule both =
        new Rule(
            SSH.name(),
            SSH.scope(),
            SSH.expect(),
            new io.portcurfew.policy.RuleTerms(
                List.of(new AddressTerm.Loopback()), SSH.terms().by()),
            SSH.notifySettings());
    assertThat(shown(diff(seen(held(tcp("0.0.0.0", 22), NC)), both)))
        .containsExactly("~ tcp 0.0.0.0:22");
  }

  @Test
  void replacedExecutableIsAChange() {
    OwnerDetails removed = OwnerDetails.builder().deleted(true).build();
    DriftReport differences = diff(seen(held(tcp("0.0.0.0", 22), SSHD.with(removed))), SSH);
    assertThat(shown(differences)).containsExactly("~ tcp 0.0.0.0:22");
    assertThat(OwnerText.owners(differences.all().get(0).is()))
        .isEqualTo("/usr/sbin/sshd (removed) as root");
  }

  @Test
  void unseenOwnerIsUntested() {
    DriftReport differences = diff(seen(held(tcp("0.0.0.0", 22))), SSH);
    assertThat(differences.all()).isEmpty();
    assertThat(differences.untested())
        .extracting(Finding::kind)
        .containsExactly(FindingKind.OWNER_UNKNOWN);
    assertThat(differences.complete()).isFalse();
  }

  @Test
  void learnedListenerThatIsGoneIsMissing() {
    DriftReport differences = diff(seen(), SSH);
    assertThat(shown(differences)).containsExactly("- tcp 0.0.0.0:22");
    assertThat(differences.all().get(0).rule()).isEqualTo(SSH);
  }

  @Test
  void onlyRequiredAndLearnedRulesCanBeMissing() {
    Rule web = required("web", 80);
    DriftReport differences =
        Comparison.drift(allowing(SSH, web), List.of(), seen(), CrossCheck.NONE);
    assertThat(differences.all()).extracting(Drift::rule).containsOnly(web);
  }

  @Test
  void incompleteScan_reportsNothingMissing() {
    DriftReport differences = diff(partlySeen(), SSH);
    assertThat(differences.all()).isEmpty();
    assertThat(differences.complete()).isFalse();
  }

  @Test
  void eachPortOfASmallRuleIsMissing() {
    Listener web = held(tcp("0.0.0.0", 80), NC);
    assertThat(shown(diff(seen(web), ports(80, 81)))).containsExactly("- tcp 0.0.0.0:81");
    assertThat(shown(diff(seen(web), ports(80, 1000)))).isEmpty();
    assertThat(shown(diff(seen(), ports(80, 1000)))).containsExactly("- tcp 0.0.0.0:80");
  }

  private static Rule ports(int first, int last) {
    Rule rule = allowed("many", first);
    RuleScope scope = new RuleScope(List.of(new PortRange(first, last)), Set.of(Protocol.TCP));
    return new Rule(rule.name(), scope, rule.expect(), rule.terms(), rule.notifySettings());
  }

  @Test
  void coveredLearnedRuleIsNotMissing() {
    Rule covered = allowed("covered", 22);
    assertThat(diff(seen(), SSH, covered).all()).extracting(Drift::rule).containsOnly(SSH);
    DriftReport byHand =
        Comparison.drift(allowing(SSH, covered), List.of(covered), seen(), CrossCheck.NONE);
    assertThat(byHand.all()).isEmpty();
  }
}
