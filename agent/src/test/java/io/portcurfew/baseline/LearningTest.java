package io.portcurfew.baseline;

import static io.portcurfew.baseline.LearningFixture.NC;
import static io.portcurfew.baseline.LearningFixture.SHIPPED;
import static io.portcurfew.baseline.LearningFixture.SSHD;
import static io.portcurfew.baseline.LearningFixture.learn;
import static io.portcurfew.baseline.LearningFixture.names;
import static io.portcurfew.baseline.LearningFixture.only;
import static io.portcurfew.judge.SampleListeners.allowed;
import static io.portcurfew.judge.SampleListeners.allowedBy;
import static io.portcurfew.judge.SampleListeners.allowing;
import static io.portcurfew.judge.SampleListeners.closed;
import static io.portcurfew.judge.SampleListeners.denying;
import static io.portcurfew.judge.SampleListeners.held;
import static io.portcurfew.judge.SampleListeners.owner;
import static io.portcurfew.judge.SampleListeners.partlySeen;
import static io.portcurfew.judge.SampleListeners.required;
import static io.portcurfew.judge.SampleListeners.seen;
import static io.portcurfew.judge.SampleListeners.tcp;
import static io.portcurfew.judge.SampleListeners.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Judge;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.Severity;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearningTest {

  private static LearnedBaseline learnUnlisted(Policy policy, Snapshot snapshot) {
    return Learning.of(
        new LearningInput(policy, List.of()),
        snapshot,
        Judge.judge(policy, snapshot, List.of()),
        true);
  }

  @Test
  void familiesAndWorkersShareARule() {
    Owner worker = owner(701, "/usr/sbin/sshd", "root");
    Rule rule = only(learn(held(tcp("0.0.0.0", 22), SSHD), held(tcp("::", 22), SSHD, worker)));
    assertThat(rule.name()).isEqualTo("sshd-22");
    assertThat(rule.terms().addresses()).containsExactly(new AddressTerm.Any());
    assertThat(rule.terms().by()).containsExactly(new OwnerTerm("/usr/sbin/sshd", "root"));
    assertThat(rule.scope().namespace()).isEqualTo("host");
    assertThat(rule.because()).isEqualTo("learned on 2026-11-23 from web-1, not yet reviewed");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, loopback",
    "127.0.0.53%lo, loopback",
    "::1, loopback",
    "192.0.2.1, 192.0.2.1",
    "fe80::1%eth0, fe80::1%eth0",
    "0.0.0.0, 0.0.0.0",
    "::, ::",
    "0.0.0.0%eth0.10, 0.0.0.0%eth0.10",
    "0.0.0.0%eth0.01, 0.0.0.0",
    "0.0.0.0%a]b, 0.0.0.0"
  })
  void learnedAddressIsAsNarrowAsObserved(String address, String term) {
    Rule rule = only(learn(held(tcp(address, 22), SSHD)));
    assertThat(rule.terms().addresses()).extracting(Object::toString).containsExactly(term);
  }

  @Test
  void dualStackWildcardIsAnyAddress() {
    Listener both = new Listener(tcp("::", 22), true, List.of(SSHD), "sock_diag");
    assertThat(only(learn(both)).terms().addresses()).containsExactly(new AddressTerm.Any());
  }

  @Test
  void protocolsAndNamespacesHaveSeparateRules() {
    Endpoint web = new Endpoint(Protocol.TCP, tcp("0.0.0.0", 22).address(), 22, "web");
    assertThat(
            names(
                learn(
                    held(udp("127.0.0.1", 53), SSHD),
                    held(web, SSHD),
                    held(tcp("127.0.0.1", 53), SSHD),
                    held(tcp("0.0.0.0", 22), SSHD))))
        .containsExactly("sshd-22", "sshd-22-web", "sshd-53", "sshd-53-udp");
  }

  @Test
  void serversOnOnePortShareARule() {
    Rule rule = only(learn(held(tcp("127.0.0.1", 53), SSHD), held(tcp("192.0.2.1", 53), NC)));
    assertThat(rule.terms().by()).hasSize(2);
    assertThat(rule.because()).endsWith("each owner may listen on each address");
  }

  @Test
  void listenersWithFindingsAreNotApproved() {
    Policy policy =
        allowing(
            closed("npmp-gui", 611),
            allowedBy("ssh", 22, new OwnerTerm("/usr/sbin/sshd", "root")),
            allowed("db", 5432, new AddressTerm.Loopback()));
    LearnedBaseline baseline =
        learn(
            policy,
            List.of(),
            seen(
                held(tcp("0.0.0.0", 611), SSHD),
                held(tcp("0.0.0.0", 22), NC),
                held(tcp("0.0.0.0", 5432), SSHD)));
    assertThat(baseline.rules()).isEmpty();
    assertThat(baseline.notApproved())
        .containsExactly(
            "tcp 0.0.0.0:22 held by /usr/bin/nc as nobody: finding wrong-owner of the rule ssh",
            "tcp 0.0.0.0:611 held by /usr/sbin/sshd as root: finding open of the rule npmp-gui",
            "tcp 0.0.0.0:5432 held by /usr/sbin/sshd as root: finding exposed of the rule db");
  }

  @Test
  void deniedListenersAreLearnedOnlyWithUnlisted() {
    Snapshot snapshot = seen(held(tcp("0.0.0.0", 22), SSHD), held(tcp("0.0.0.0", 611), NC));
    Policy denying = denying(closed("npmp-gui", 611));
    assertThat(learn(denying, List.of(), snapshot).rules()).isEmpty();
    assertThat(learn(denying, List.of(), snapshot).notApproved()).hasSize(2);
    assertThat(names(learnUnlisted(denying, snapshot))).containsExactly("sshd-22");
  }

  @Test
  void listenerOfAnExpiredRuleIsNotApproved() {
    Rule late =
        new Rule(
            "for-now",
            allowed("x", 22).scope(),
            allowed("x", 22).expect(),
            allowed("x", 22).terms(),
            LocalDate.of(2026, 11, 22),
            NotifySettings.of(Severity.WARNING));
    Snapshot snapshot = seen(held(tcp("0.0.0.0", 22), SSHD));
    assertThat(learn(allowing(late), List.of(), snapshot).rules()).isEmpty();
    assertThat(learnUnlisted(denying(late), snapshot).rules()).isEmpty();
    assertThat(learn(allowing(late), List.of(late), snapshot).rules()).containsExactly(late);
  }

  @Test
  void listenerOfAnotherRule_isLeftOut() {
    LearnedBaseline baseline =
        learn(allowing(required("ssh", 22)), List.of(), seen(held(tcp("0.0.0.0", 22), SSHD)));
    assertThat(baseline.rules()).isEmpty();
    assertThat(baseline.decided()).containsExactly("tcp 0.0.0.0:22: the rule ssh");
  }

  @Test
  void newNameIsUniqueInThePolicy() {
    Rule other = allowed("sshd-22", 2222);
    LearnedBaseline baseline =
        learn(allowing(other), List.of(), seen(held(tcp("0.0.0.0", 22), SSHD)));
    assertThat(names(baseline)).containsExactly("sshd-22-2");
  }

  @Test
  void versionInThePathBecomesAPattern() {
    assertThat(pattern("/usr/lib/postgresql/15/bin/postgres"))
        .isEqualTo("/usr/lib/postgresql/*/bin/postgres");
    assertThat(pattern("/snap/lxd/24061/bin/lxd")).isEqualTo("/snap/lxd/*/bin/lxd");
    assertThat(pattern("/nix/store/0a1b2c3d4e5f6g7h8i9j0a1b2c3d4e5f-openssh-9.6p1/bin/sshd"))
        .isEqualTo("/nix/store/*-openssh-*/bin/sshd");
    assertThat(pattern("/opt/app-1.2.3/bin/server")).isEqualTo("/opt/app-*/bin/server");
    assertThat(pattern("/usr/bin/python3.11")).isEqualTo("/usr/bin/python3.11");
    assertThat(pattern("/home/ann/15/server")).isEqualTo("/home/ann/15/server");
  }

  private static String pattern(String path) {
    Rule rule = only(learn(held(tcp("0.0.0.0", 22), owner(7, path, "ann"))));
    assertThat(rule.because().contains("* in its path stands for any version"))
        .isEqualTo(rule.terms().by().get(0).executable().isWild());
    return rule.terms().by().get(0).executable().text();
  }

  @Test
  void manyPortsOfOneOwnerBecomeOneRule() {
    Listener[] listeners =
        IntStream.range(20000, 20200)
            .mapToObj(port -> held(tcp("0.0.0.0", port), NC))
            .toArray(Listener[]::new);
    Rule rule = only(learn(listeners));
    assertThat(rule.scope().ports()).containsExactly(new PortRange(20000, 20199));
  }

  @Test
  void rpcServiceOnRandomPortsIsSelectedByOwner() {
    Owner statd = owner(700, "/usr/sbin/rpc.statd", "statd");
    Rule rule =
        only(
            learn(
                held(tcp("0.0.0.0", 40123), statd),
                held(tcp("::", 51234), statd),
                held(udp("127.0.0.1", 741), statd)));
    assertThat(rule.name()).isEqualTo("rpc-statd-any-port");
    assertThat(rule.scope().owners())
        .containsExactly(new OwnerTerm("/usr/sbin/rpc.statd", "statd"));
    assertThat(rule.because()).contains("other ports at each start");
    assertThat(names(learn(held(tcp("0.0.0.0", 40123), statd), held(tcp("::", 2050), statd))))
        .as("a fixed port")
        .hasSize(2);
  }

  @Test
  void portOfTheKernelDoesNotStopLearning() {
    LearnedBaseline baseline =
        learn(held(udp("0.0.0.0", 4789)).without(UnknownOwner.KERNEL), held(tcp("::", 22), SSHD));
    assertThat(baseline.gaps()).isEmpty();
    assertThat(names(baseline)).hasSize(2);
  }

  @Test
  void incompleteSnapshotIsAGap() {
    LearnedBaseline baseline =
        learn(SHIPPED, List.of(), partlySeen(held(tcp("0.0.0.0", 22), SSHD)));
    assertThat(baseline.gaps()).containsExactly("oshi: cannot read /proc/net/tcp");
    assertThat(learn(held(tcp("0.0.0.0", 22), SSHD)).gaps()).isEmpty();
  }

  @Test
  void udpClientIsCountedButNotLearned() {
    LearnedBaseline baseline =
        learn(held(udp("0.0.0.0", 40000), NC), held(udp("127.0.0.1", 40001), NC));
    assertThat(baseline.clients()).isEqualTo(2);
    assertThat(names(baseline)).isEmpty();
  }

  @Test
  void clientOnTheServersPortSharesItsRule() {
    LearnedBaseline baseline =
        learn(held(udp("0.0.0.0", 40000), NC), held(udp("127.0.0.1", 40000), SSHD).asServer(true));
    assertThat(baseline.clients()).isZero();
    assertThat(only(baseline).terms().addresses()).hasSize(2);
  }

  @Test
  void namespaceNamedAnyIsNotLearned() {
    Endpoint any = new Endpoint(Protocol.TCP, tcp("0.0.0.0", 22).address(), 22, "any");
    LearnedBaseline baseline = learn(held(any, SSHD));
    assertThat(baseline.rules()).isEmpty();
    assertThat(baseline.gaps()).hasSize(1);
  }

  @Test
  void textIsEqualOnAnotherDay() {
    LearnedBaseline first = learn(held(tcp("0.0.0.0", 22), SSHD), held(tcp("0.0.0.0", 611), NC));
    Policy now =
        allowing(
            Stream.concat(first.rules().stream(), SHIPPED.rules().stream()).toArray(Rule[]::new));
    Snapshot before =
        seen(
            held(tcp("0.0.0.0", 22), owner(1234, "/usr/sbin/sshd", "root")),
            held(tcp("0.0.0.0", 611), owner(77, "/usr/bin/nc", "nobody")));
    Snapshot later =
        new Snapshot(
            before.host(),
            before.takenAt().plusSeconds(1_000_000),
            before.complete(),
            before.listeners(),
            before.gaps(),
            before.sources(),
            before.disagreements(),
            before.ephemeral());
    assertThat(LearnedPolicyText.of(learn(now, first.rules(), later)))
        .isEqualTo(LearnedPolicyText.of(first));
  }

  @Test
  void manyRemarksAreCounted() {
    Listener[] all =
        java.util.stream.IntStream.rangeClosed(1, 150)
            .mapToObj(i -> held(tcp("127.0.0." + i, 611), NC))
            .toArray(Listener[]::new);
    assertThat(
            LearnedPolicyText.of(learn(all)).lines().filter(line -> line.contains("not approved")))
        .hasSize(101)
        .last()
        .isEqualTo("# not approved: and 50 more");
  }
}
