package io.portcurfew.baseline;

import static io.portcurfew.judge.SampleListeners.allowing;
import static io.portcurfew.judge.SampleListeners.owner;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Judge;
import io.portcurfew.judge.SampleSockets;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.OtherSockets;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.SocketPlace.Family;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SocketLearningTest {

  private static final Owner LLDPD = owner(7, "/usr/sbin/lldpd", "root");
  private static final Owner TCPDUMP = owner(8, "/usr/bin/tcpdump", "tcpdump");
  private static final Owner DOOR = owner(9, "/tmp/door", "root");

  private static OtherSocket socket(
      Family family, @Nullable String protocol, String namespace, Owner... owners) {
    SocketPlace place = new SocketPlace(family, protocol, null, null, null, namespace);
    return new OtherSocket(
        place, List.of(owners), owners.length == 0 ? UnknownOwner.NO_RIGHT : null);
  }

  private static Snapshot snapshot(OtherSocket... sockets) {
    return SampleSockets.seen(new OtherSockets(true, List.of(sockets), List.of()));
  }

  private static LearnedBaseline learn(List<Rule> learned, boolean unlisted, Snapshot snapshot) {
    Policy policy = allowing(learned.toArray(new Rule[0]));
    LearningInput input = new LearningInput(policy, learned);
    return Learning.of(input, snapshot, Judge.judge(policy, snapshot, List.of()), unlisted);
  }

  private static LearnedBaseline learn(OtherSocket... sockets) {
    return learn(List.of(), false, snapshot(sockets));
  }

  @Test
  void eachFamilyOfANamespaceGetsOneRule() {
    LearnedBaseline baseline =
        learn(
            socket(Family.PACKET, "lldp", Endpoint.HOST, LLDPD),
            socket(Family.PACKET, "all", Endpoint.HOST, TCPDUMP),
            socket(Family.RAW, "ospf", "web", LLDPD));
    assertThat(LearnedPolicyText.of(baseline))
        .endsWith(
            """
            rules:
              - name: lldpd-packet
                sockets: packet
                namespace: host
                expect: allowed
                by:
                  - executable: /usr/bin/tcpdump
                    user: tcpdump
                  - executable: /usr/sbin/lldpd
                    user: root
                because: "learned on 2026-11-23 from web-1, not yet reviewed"
              - name: lldpd-raw-web
                sockets: raw
                namespace: web
                expect: allowed
                by:
                  - executable: /usr/sbin/lldpd
                    user: root
                because: "learned on 2026-11-23 from web-1, not yet reviewed"
            """);
    assertThat(baseline.gaps()).isEmpty();
  }

  @Test
  void programWithoutAProcessIsTheKernels() {
    LearnedBaseline baseline =
        learn(socket(Family.TC, "mirred", Endpoint.HOST, Owner.ofKernel("tc")));
    assertThat(LearnedPolicyText.of(baseline)).contains("      - kernel: tc\n");
  }

  @Test
  void backdoorsShapeIsNotApproved() {
    LearnedBaseline baseline = learn(socket(Family.PACKET, "all", Endpoint.HOST, DOOR));
    assertThat(baseline.rules()).isEmpty();
    assertThat(baseline.notApproved())
        .singleElement()
        .asString()
        .startsWith("packet all held by /tmp/door as root: finding unlisted");
    assertThat(
            learn(List.of(), true, snapshot(socket(Family.PACKET, "all", Endpoint.HOST, DOOR)))
                .rules())
        .as("--unlisted")
        .hasSize(1);
  }

  @Test
  void socketWithoutAnOwnerIsNotApproved() {
    LearnedBaseline baseline = learn(socket(Family.VSOCK, null, Endpoint.HOST));
    assertThat(baseline.rules()).isEmpty();
    assertThat(baseline.notApproved())
        .containsExactly("vsock held by an unknown owner: its owner was not seen");
  }

  @Test
  void inodeNumberIsNotLearned() {
    Rule rule = learn(socket(Family.RAW, "ospf", "net:[4026532324]", LLDPD)).rules().get(0);
    assertThat(rule.scope().namespace()).isEqualTo("others");
  }

  @Test
  void keptRuleStaysAsItIs() {
    Snapshot seen = snapshot(socket(Family.RAW, "ospf", Endpoint.HOST, LLDPD));
    List<Rule> first = learn(List.of(), false, seen).rules();
    assertThat(learn(first, false, seen).rules()).isEqualTo(first);
    assertThat(learn(first, false, seen).kept()).isEqualTo(1);
    Snapshot other = snapshot(socket(Family.RAW, "ospf", Endpoint.HOST, LLDPD, DOOR));
    LearnedBaseline violated = learn(first, false, other);
    assertThat(violated.rules()).as("a rule that is violated").isEqualTo(first);
    assertThat(violated.notApproved()).singleElement().asString().contains("wrong-owner");
  }

  @Test
  void ruleEndsWithItsSocketsUnlessTheyCannotBeSeen() {
    List<Rule> first = learn(socket(Family.RAW, "ospf", Endpoint.HOST, LLDPD)).rules();
    assertThat(learn(first, false, snapshot()).rules()).isEmpty();
    OtherSockets unseen =
        new OtherSockets(
            true,
            List.of(),
            List.of(new OtherSockets.Unlisted(Family.RAW, Endpoint.HOST, "no right", false)));
    assertThat(learn(first, false, SampleSockets.seen(unseen)).rules()).isEqualTo(first);
  }

  @Test
  void laterLookFindsAnOwner() {
    SocketPlace place = new SocketPlace(Family.RAW, "ospf", null, null, null, Endpoint.HOST);
    Snapshot before = snapshot(new OtherSocket(place, List.of(), UnknownOwner.NOT_YET));
    assertThat(SettledListeners.wantsAnotherLook(before)).isTrue();
    OtherSocket after = new OtherSocket(place, List.of(LLDPD), null);
    assertThat(SettledListeners.of(before, snapshot(after)).sockets().all()).containsExactly(after);
    assertThat(SettledListeners.of(before, snapshot()).sockets().all()).as("closed").isEmpty();
  }
}
