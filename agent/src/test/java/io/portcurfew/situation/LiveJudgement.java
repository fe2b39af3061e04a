package io.portcurfew.situation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.Examples;
import io.portcurfew.config.policy.PolicyFiles;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.View;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.PatientSource;
import io.portcurfew.policy.Policy;
import io.portcurfew.scan.ExecutablePaths;
import java.time.Instant;
import java.util.List;

/** The judgement of a policy on one port of this host, as the kernel shows it now. */
final class LiveJudgement implements AutoCloseable {

  private final LinuxSource source = PatientSource.ofHost();
  private final Policy policy;
  private View view = View.blind("sock_diag", "not looked yet");
  private Snapshot snapshot;

  private LiveJudgement(Policy policy) throws InterruptedException {
    this.policy = policy;
    source.ask(policy.asksFor());
    snapshot = look();
  }

  /** Looks at the host, with a policy in the form of its file. */
  static LiveJudgement by(String policy) throws InterruptedException {
    ReadResult<PolicyFiles.ReadPolicy> read = Examples.policy("p.yaml", policy.getBytes(UTF_8));
    assertThat(read).isInstanceOf(ReadResult.Good.class);
    Policy written = ((ReadResult.Good<PolicyFiles.ReadPolicy>) read).value().policy();
    return new LiveJudgement(written.following(ExecutablePaths.of(written.paths())));
  }

  /** Looks at the host, with this policy. */
  static LiveJudgement of(Policy policy) throws InterruptedException {
    return new LiveJudgement(policy);
  }

  /** The last look, with all facts about owners that the policy asks for. */
  Snapshot snapshot() {
    return snapshot;
  }

  private Snapshot look() throws InterruptedException {
    view = source.look();
    return PlainSnapshots.of(Instant.now(), view);
  }

  /** Looks again. */
  void again() throws InterruptedException {
    snapshot = look();
  }

  /** The last look of the kernel's own source. */
  View view() {
    return view;
  }

  Listener listener(int port) {
    return snapshot.listeners().stream()
        .filter(one -> one.endpoint().port() == port)
        .findFirst()
        .orElseThrow();
  }

  /** The kinds of the findings on a port, in any namespace. */
  List<String> kinds(int port) {
    return findings(port).stream().map(finding -> finding.kind().label()).toList();
  }

  List<Finding> findings(int port) {
    return judgement().findings().stream()
        .filter(
            finding -> {
              Endpoint at = finding.endpoint();
              return at != null && at.port() == port;
            })
        .toList();
  }

  Judgement judgement() {
    return Judge.judge(policy, snapshot, List.of());
  }

  @Override
  public void close() {
    source.close();
  }
}
