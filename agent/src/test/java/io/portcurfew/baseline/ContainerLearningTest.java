package io.portcurfew.baseline;

import static io.portcurfew.baseline.LearningFixture.learn;
import static io.portcurfew.baseline.LearningFixture.only;
import static io.portcurfew.judge.SampleListeners.held;
import static io.portcurfew.judge.SampleListeners.owner;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.policy.PolicyText;
import io.portcurfew.judge.SampleListeners;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Learning in other network namespaces than the host's. */
class ContainerLearningTest {

  private static final String ID = "4c01db0b339c".repeat(5) + "4c01";
  private static final String NUMBER = "net:[4026532324]";

  private static Endpoint at(int port, String namespace) {
    return new Endpoint(Protocol.TCP, Address.ANY_IPV4, port, namespace);
  }

  private static Owner in(@Nullable Container container, boolean elsewhere) {
    OwnerDetails details =
        OwnerDetails.builder().deleted(false).elsewhere(elsewhere).container(container).build();
    return owner(7, "/usr/sbin/nginx", "root").with(details);
  }

  private static Container web(String name) {
    HostText project = HostText.of("shop");
    HostText service = HostText.of("web");
    return new Container(HostText.of(ID), HostText.of(name), null, project, service, null, null);
  }

  private static Snapshot seen(Endpoint endpoint, Owner owner) {
    return SampleListeners.seen(held(endpoint, owner));
  }

  @Test
  void containersOfAServiceShareARule() {
    LearnedBaseline learned =
        learn(
            held(at(80, "container/shop-web-1"), in(web("shop-web-1"), true)),
            held(at(80, "container/shop-web-2"), in(web("shop-web-2"), true)));
    Rule rule = only(learned);
    assertThat(rule.scope().namespace()).isEqualTo("containers");
    assertThat(PolicyText.included(learned.rules(), List.of()))
        .contains("- name: nginx-80-containers")
        .contains("container: {project: \"shop\", service: \"web\"}")
        .doesNotContain(ID);
  }

  @Test
  void numberOfANamespaceIsNotLearned() {
    Rule rule = only(learn(held(at(80, NUMBER), in(null, false))));
    assertThat(rule.scope().namespace()).isEqualTo("others");
    assertThat(rule.terms().by()).hasToString("[/usr/sbin/nginx as root]");
    assertThat(rule.name()).isEqualTo("nginx-80-others");
  }

  @Test
  void listenerWithoutAnyNameIsARemark() {
    LearnedBaseline nameless =
        learn(
            held(at(80, NUMBER)),
            held(at(81, "container/" + ID), in(Container.of(HostText.of(ID)), true)));
    assertThat(nameless.rules()).isEmpty();
    assertThat(nameless.gaps())
        .hasSize(2)
        .allSatisfy(gap -> assertThat(gap).contains("has a name that lasts"));
  }

  @Test
  void earlierRuleWithANumberIsReplaced() {
    Snapshot snapshot = seen(at(80, NUMBER), in(null, false));
    Rule before = only(learn(held(at(80, NUMBER), in(null, false))));
    Rule numbered =
        new Rule(
            "nginx-80-net",
            new RuleScope(before.scope().ports(), before.scope().protocols(), NUMBER),
            before.expect(),
            before.terms(),
            before.notifySettings());
    LearnedBaseline again = learn(SampleListeners.denying(numbered), List.of(numbered), snapshot);
    assertThat(again.kept()).isZero();
    assertThat(again.rules()).containsExactly(before);
  }
}
