package io.portcurfew.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.View;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import io.portcurfew.policy.Trilean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A gap holds back what it covers, and nothing else. */
class PlacesTest {

  private static final Endpoint ON_HOST = at("host", Protocol.TCP, "0.0.0.0");
  private static final Endpoint IN_WEB = at("web", Protocol.TCP, "0.0.0.0");
  private static final Gap WEB = gap(Gap.What.NAMESPACE, null, Place.in("web"));
  private static final Gap LIMIT =
      gap(Gap.What.NAMESPACE, Gap.Cause.NAMESPACE_WITHOUT_PROCESS, Place.in("web"));
  private static final Gap HIDDEN = gap(Gap.What.NAMESPACE, null, Place.ANYWHERE);

  private static Endpoint at(String namespace, Protocol protocol, String address) {
    return new Endpoint(protocol, Address.parse(address).orElseThrow(), 611, namespace);
  }

  private static Gap gap(Gap.What what, Gap.@Nullable Cause cause, Place place) {
    return new Gap("sock_diag", what, "not seen", cause, place);
  }

  private static Snapshot look(List<Endpoint> open, Gap... gaps) {
    List<Listener> listeners =
        open.stream().map(each -> new Listener(each, null, List.of(), "sock_diag")).toList();
    View view = new View("sock_diag", gaps.length == 0, listeners, List.of(gaps));
    return PlainSnapshots.of(SampleSnapshots.NOON, view);
  }

  private static Rule rule(String name, Expectation expect, @Nullable String namespace) {
    RuleScope scope =
        new RuleScope(List.of(new PortRange(611, 611)), Set.of(Protocol.TCP), namespace);
    return new Rule(
        name,
        scope,
        expect,
        new RuleTerms(List.of(), List.of()),
        NotifySettings.of(Severity.CRITICAL));
  }

  private static Judgement judge(Expectation expect, Snapshot snapshot) {
    List<Rule> rules =
        List.of(
            rule("on-host", expect, "host"),
            rule("in-web", expect, "web"),
            rule("anywhere", expect, null));
    return Judge.judge(new Policy(true, rules), snapshot, List.of());
  }

  /** The listeners of the host and of web that are resolved at the second look. */
  private static List<Endpoint> resolvedBy(Gap... gaps) {
    Judgement open = judge(Expectation.CLOSED, look(List.of(ON_HOST, IN_WEB)));
    Alerts before = update(Alerts.NONE, open, look(List.of(ON_HOST, IN_WEB)), 0).after();
    Snapshot later = look(List.of(), gaps);
    AlertChanges changes = update(before, judge(Expectation.CLOSED, later), later, 10);
    return changes.resolved().stream().map(alert -> alert.finding().endpoint()).toList();
  }

  private static AlertChanges update(
      Alerts before, Judgement judgement, Snapshot snapshot, long second) {
    return before.update(judgement, snapshot, SampleSnapshots.at(second), SampleSnapshots.DAY);
  }

  @Test
  void anUnseenNamespaceKeepsOnlyItsOwnAlerts() {
    assertThat(resolvedBy()).containsExactlyInAnyOrder(ON_HOST, IN_WEB);
    assertThat(resolvedBy(WEB)).containsExactly(ON_HOST);
    assertThat(resolvedBy(LIMIT)).containsExactly(ON_HOST);
    assertThat(resolvedBy(HIDDEN)).containsExactly(ON_HOST);
  }

  @Test
  void tornTable_keepsOnlyItsProtocolAndFamily() {
    assertThat(resolvedBy(torn("host", Protocol.TCP, Place.AddressFamily.IPV4)))
        .containsExactly(IN_WEB);
    assertThat(resolvedBy(torn("host", Protocol.UDP, Place.AddressFamily.IPV4)))
        .containsExactlyInAnyOrder(ON_HOST, IN_WEB);
    assertThat(resolvedBy(torn("host", Protocol.TCP, Place.AddressFamily.IPV6)))
        .containsExactlyInAnyOrder(ON_HOST, IN_WEB);
  }

  private static Gap torn(String namespace, Protocol protocol, Place.AddressFamily family) {
    return gap(Gap.What.LISTENERS, null, new Place(namespace, protocol, family));
  }

  @Test
  void gapWithoutPlace_keepsAll() {
    assertThat(resolvedBy(gap(Gap.What.LISTENERS, null, Place.ANYWHERE))).isEmpty();
    assertThat(resolvedBy(gap(Gap.What.ROW, null, Place.ANYWHERE))).isEmpty();
  }

  @Test
  void ruleIsUnknownOnlyUnderACoveringGap() {
    Judgement web = judge(Expectation.CLOSED, look(List.of(), WEB));
    assertThat(web.compliance())
        .containsEntry("on-host", Trilean.YES)
        .containsEntry("in-web", Trilean.UNKNOWN)
        .containsEntry("anywhere", Trilean.UNKNOWN);
    assertThat(judge(Expectation.CLOSED, look(List.of(), HIDDEN)).compliance())
        .containsEntry("on-host", Trilean.YES)
        .containsEntry("in-web", Trilean.UNKNOWN);
    Gap udp = torn("host", Protocol.UDP, Place.AddressFamily.IPV4);
    assertThat(judge(Expectation.CLOSED, look(List.of(), udp)).compliance())
        .containsEntry("on-host", Trilean.YES);
    assertThat(web.complete()).isFalse();
  }

  @Test
  void requiredListener_isMissingWhereItWouldBeSeen() {
    assertThat(missing(WEB)).containsExactly("on-host");
    assertThat(missing(LIMIT)).containsExactly("on-host");
    assertThat(missing()).containsExactlyInAnyOrder("on-host", "in-web");
    assertThat(missing(torn("host", Protocol.TCP, Place.AddressFamily.IPV6)))
        .containsExactly("in-web");
  }

  private static List<String> missing(Gap... gaps) {
    return judge(Expectation.REQUIRED, look(List.of(), gaps)).findings().stream()
        .filter(finding -> finding.kind() == FindingKind.MISSING)
        .map(Finding::rule)
        .toList();
  }

  @Test
  void ruleForAnyNamespace_isMissingBesideALimit() {
    Policy policy = new Policy(true, List.of(rule("anywhere", Expectation.REQUIRED, null)));
    assertThat(Judge.judge(policy, look(List.of(), LIMIT), List.of()).findings())
        .extracting(Finding::kind)
        .containsExactly(FindingKind.MISSING);
    assertThat(Judge.judge(policy, look(List.of(), WEB), List.of()).findings())
        .extracting(Finding::kind)
        .containsExactly(FindingKind.BLIND);
  }

  @Test
  void blindnessIsPerNamespaceAndALimitIsNone() {
    assertThat(blind(WEB)).containsExactly("web");
    assertThat(blind(LIMIT)).isEmpty();
    assertThat(blind(HIDDEN)).containsExactly("-");
    assertThat(blind(gap(Gap.What.LISTENERS, null, Place.ANYWHERE))).containsExactly("-");
    assertThat(judge(Expectation.CLOSED, look(List.of(), LIMIT)).compliant()).isFalse();
  }

  @Test
  void manyBlindNamespaces_areFewFindings() {
    List<Gap> many = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      many.add(gap(Gap.What.NAMESPACE, null, Place.in("n" + i)));
    }
    assertThat(blind(many.toArray(Gap[]::new))).hasSize(17).contains("others");
  }

  private static List<String> blind(Gap... gaps) {
    return judge(Expectation.CLOSED, look(List.of(), gaps)).findings().stream()
        .filter(finding -> finding.kind() == FindingKind.BLIND)
        .map(finding -> finding.namespace() == null ? "-" : finding.namespace())
        .toList();
  }

  @Test
  void blindNamespace_isAnAlertOfItsOwn() {
    Gap[] two = {WEB, gap(Gap.What.NAMESPACE, null, Place.in("db"))};
    Snapshot first = look(List.of(), two);
    Alerts before = update(Alerts.NONE, judge(Expectation.CLOSED, first), first, 0).after();
    assertThat(before.open().keySet())
        .extracting(AlertKey::namespace)
        .containsExactlyInAnyOrder("db", "web");
    Snapshot second = look(List.of(), Arrays.copyOf(two, 1));
    Alerts half = update(before, judge(Expectation.CLOSED, second), second, 10).after();
    assertThat(half.open().keySet()).extracting(AlertKey::namespace).containsExactly("web");
    Snapshot limited = look(List.of(), LIMIT);
    assertThat(update(half, judge(Expectation.CLOSED, limited), limited, 20).resolved())
        .as("what turned into a limit was not seen either")
        .isEmpty();
  }
}
