package io.portcurfew.web;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import io.portcurfew.policy.Trilean;
import io.portcurfew.process.Ticker;
import io.portcurfew.web.access.AccessControl;
import io.portcurfew.web.access.WebAccess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Pages of an agent that has looked once. */
final class TestPages {

  static final Instant NOW = Instant.parse("2026-11-23T01:02:03.456Z");
  static final HostText HOST = HostText.of("web-1");
  static final Health WELL = new Health(true, true, "the last scan ended 3 s ago");
  static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private TestPages() {}

  /** Plain HTTP for everybody. */
  static AccessControl open() {
    return new AccessControl(WebAccess.OPEN, Ticker.SYSTEM);
  }

  static PageSource pages() {
    return pages("portcurfew_x 1\n".repeat(400));
  }

  static PageSource pages(String metrics) {
    return pages(metrics, () -> WELL);
  }

  static PageSource pages(String metrics, Supplier<Health> health) {
    return new PageSource() {
      @Override
      public String metrics(boolean openMetrics) {
        return openMetrics ? metrics + "# EOF\n" : metrics;
      }

      @Override
      public Health health() {
        return health.get();
      }

      @Override
      public StatusPage page() {
        return new StatusPage("1.2.3", HOST, look(true, findings(1, "listens")), null);
      }
    };
  }

  static JudgedSnapshot look(boolean complete, List<Finding> findings) {
    Snapshot snapshot =
        new Snapshot(
            HOST,
            NOW,
            complete,
            List.of(),
            complete ? List.of() : List.of(new Gap("ss", Gap.What.LISTENERS, "not <installed>")),
            List.of(
                new SourceReport("oshi", true, true, 12, 0, Duration.ofMillis(5)),
                new SourceReport("ss", false, false, 0, 1, Duration.ofMillis(5))),
            List.of(),
            PortRange.LINUX_EPHEMERAL);
    return new JudgedSnapshot(
        snapshot, new Judgement(Map.of(), findings, Map.of("npmp-gui", Trilean.NO), complete));
  }

  static List<Finding> findings(int count, String message) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Finding(
                    FindingKind.OPEN,
                    "npmp-gui",
                    NotifySettings.of(Severity.CRITICAL),
                    new Endpoint(Protocol.TCP, Address.ANY_IPV4, 611 + i),
                    message,
                    List.of(),
                    List.of()))
        .toList();
  }
}
