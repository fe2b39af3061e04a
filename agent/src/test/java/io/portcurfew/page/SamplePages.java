package io.portcurfew.page;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Silence;
import io.portcurfew.alert.Silences;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.judge.Verdict;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import io.portcurfew.policy.Trilean;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Contents of the status page. */
final class SamplePages {

  static final Instant NOW = Instant.parse("2026-11-23T01:02:03.456Z");
  static final HostText HOST = HostText.of("web-1");

  private SamplePages() {}

  /** A page of a scan without listeners. */
  static PageContent of(@Nullable JudgedSnapshot look, @Nullable Instant failedAt) {
    return new PageContent(
        "1.2.3",
        HOST,
        look,
        failedAt,
        NOW,
        List.of(),
        Silences.NONE,
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        true);
  }

  static JudgedSnapshot look(boolean complete, List<Finding> findings) {
    return look(complete, findings, List.of());
  }

  static JudgedSnapshot look(boolean complete, List<Finding> findings, List<Listener> listeners) {
    Snapshot snapshot =
        new Snapshot(
            HOST,
            NOW,
            complete,
            listeners,
            complete ? List.of() : List.of(new Gap("ss", Gap.What.LISTENERS, "not <installed>")),
            List.of(
                new SourceReport("oshi", true, true, 12, 0, Duration.ofMillis(5)),
                new SourceReport("ss", false, false, 0, 1, Duration.ofMillis(5))),
            List.of(),
            PortRange.LINUX_EPHEMERAL);
    Map<Endpoint, Ruling> rulings =
        listeners.stream()
            .map(Listener::endpoint)
            .collect(
                Collectors.toMap(
                    Function.identity(), e -> new Ruling(Verdict.FINDING, "npmp-gui")));
    return new JudgedSnapshot(
        snapshot, new Judgement(rulings, findings, Map.of("npmp-gui", Trilean.NO), complete));
  }

  /** Findings of as many ports from 611 on. */
  static List<Finding> findings(int count, String message) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                Finding.ofEndpoint(
                    FindingKind.OPEN,
                    "npmp-gui",
                    new NotifySettings(
                        Severity.CRITICAL,
                        "Registered, never used.",
                        null,
                        new TreeMap<>(),
                        URI.create("https://runbooks.example.org/611")),
                    endpoint(611 + i),
                    message,
                    List.of(),
                    List.of()))
        .toList();
  }

  static Endpoint endpoint(int port) {
    return new Endpoint(Protocol.TCP, Address.ANY_IPV4, port);
  }

  /** Listeners of as many ports from 611 on, held by a process of this name. */
  static List<Listener> listeners(int count, String name) {
    Owner owner =
        new Owner(
            4711,
            HostText.of(name),
            HostText.of("/usr/bin/" + name),
            HostText.of("root"),
            0L,
            OwnerDetails.builder().unit(HostText.of(name + ".service")).build());
    return IntStream.range(0, count)
        .mapToObj(i -> new Listener(endpoint(611 + i), null, List.of(owner), "sock_diag"))
        .toList();
  }

  /** A whole page with as many listeners and alerts, whose texts contain this name. */
  static PageContent full(int listeners, int alerts, String name) {
    List<Finding> findings = findings(alerts, name + " listens");
    List<Alert> all =
        findings.stream()
            .map(f -> new Alert("id" + f.endpoint().port(), AlertState.FIRING, f, NOW, null))
            .toList();
    Silence silence = new Silence("5e1f", "npmp-gui", null, NOW, NOW.plusSeconds(3600), name, name);
    return new PageContent(
        "1.2.3",
        HOST,
        look(true, findings, listeners(listeners, name)),
        null,
        NOW,
        all,
        new Silences(List.of(silence)),
        Map.of(endpoint(611), NOW.minusSeconds(60)),
        List.of(
            new PageContent.OpenPeriod(endpoint(8080), name, NOW.minusSeconds(7200), NOW),
            new PageContent.OpenPeriod(endpoint(611), name, NOW.minusSeconds(60), null)),
        List.of(
            new PageContent.EventSourceHealth("perf", true, "", 7, 5, 2, NOW.minusSeconds(60)),
            new PageContent.EventSourceHealth("bpf", false, "EPERM <b>", 0, 0, 0, null)),
        List.of("web.listen 0.0.0.0:10611 is not a loopback address <b>"),
        true);
  }
}
