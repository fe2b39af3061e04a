package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.host.Host;
import io.portcurfew.judge.Finding;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.notify.Notification;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.BriefOpening;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.observe.event.Sighting;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners that have closed and were on the host or in the network namespace of their process. */
class SightingInDoubtTest {

  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final String THERE = "net:[41]";

  @TempDir Path folder;

  private final Metrics metrics = new Metrics("1");
  private final FakeSource kernel = new FakeSource("kernel");
  private PipelineFixture pipeline;
  private Scan scan;

  @BeforeEach
  void start() throws InterruptedException {
    pipeline = new PipelineFixture(folder, metrics);
    Host host = new Host(HostText.of("h"), PortRange.LINUX_EPHEMERAL, List.of(kernel), List.of());
    scan = pipeline.scan(host, SampleConfigs.active(SampleConfigs.POLICY));
    kernel.shows();
    scan.run(NOON);
  }

  @AfterEach
  void stop() throws Exception {
    pipeline.close();
  }

  private static Rule closed(String name, @Nullable String namespace) {
    RuleScope scope =
        new RuleScope(List.of(new PortRange(611, 611)), Set.of(Protocol.TCP), namespace);
    NotifySettings critical = NotifySettings.of(Severity.CRITICAL);
    return new Rule(name, scope, Expectation.CLOSED, RuleTerms.NONE, critical);
  }

  /** An event reports the listener there, and the doubt that it was on the host. */
  private void sighted(Rule... rules) {
    scan.use(SampleConfigs.active(new Policy(true, List.of(rules))));
    Owner owner = new Owner(4711, null, HostText.of("/usr/bin/nc"), HostText.of("eve"), null);
    Endpoint at = new Endpoint(Protocol.TCP, Address.ANY_IPV4, 611);
    Listener onHost = new Listener(at, null, List.of(owner), "perf");
    BriefOpening brief = new BriefOpening("perf", Duration.ofMillis(1), true, 1, NOON, NOON);
    Sighting doubtful = new Sighting(onHost, brief, Duration.ZERO, Set.of(), THERE);
    Sighting there = new Sighting(onHost.within(THERE), brief, Duration.ZERO);
    scan.sighted(new EventBatch(List.of(doubtful, there), Set.of(), false), NOON.plusSeconds(1));
  }

  private List<Finding> notified() {
    return pipeline.notified().stream().map(Notification::alert).map(one -> one.finding()).toList();
  }

  @Test
  void ruleOfTheHost_isBlind() throws Exception {
    sighted(closed("on-host", Endpoint.HOST));
    assertThat(notified())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.kind()).isEqualTo(FindingKind.BLIND);
              assertThat(one.rule()).isEqualTo("on-host");
              assertThat(one.severity()).isEqualTo(Severity.CRITICAL);
              assertThat(one.owners()).hasSize(1);
              assertThat(one.message())
                  .contains("that of its process is " + THERE)
                  .contains("closed again after");
            });
    scan.run(NOON.plusSeconds(10));
    assertThat(pipeline.alerts().open()).as("for a scrape to see it").hasSize(1);
  }

  /** It is certain, wherever the listener was. */
  @Test
  void ruleOfEveryNamespace_isNotInDoubt() {
    sighted(closed("anywhere", null));
    assertThat(notified()).extracting(Finding::kind).containsExactly(FindingKind.OPEN);
  }

  @Test
  void ruleOfTheOtherNamespace_isBrokenThere() {
    sighted(closed("there", THERE));
    assertThat(notified())
        .extracting(finding -> String.valueOf(finding.endpoint()))
        .containsExactly("tcp 0.0.0.0:611 in " + THERE);
  }
}
