package io.portcurfew.notify;

import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.policy.FindingType;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The labels of an alert: the fixed ones and those that its rule adds. */
public final class AlertLabels {

  /** The names of the fixed labels; a rule cannot use them. */
  public static final Set<String> OWN =
      Set.of("alertname", "rule", "severity", "host", "protocol", "port", "address", "namespace");

  private AlertLabels() {}

  /** The fixed labels and those of the rule. */
  public static SortedMap<String, String> all(Notification notification) {
    SortedMap<String, String> labels = new TreeMap<>();
    if (notification.summary() == null) {
      labels.putAll(notification.alert().finding().notifySettings().labels());
    }
    labels.putAll(own(notification));
    return labels;
  }

  /** The fixed labels only. */
  public static SortedMap<String, String> own(Notification notification) {
    Summary summary = notification.summary();
    return summary == null ? ofAlert(notification) : of(summary, notification.host());
  }

  private static SortedMap<String, String> of(Summary summary, String host) {
    SortedMap<String, String> labels = new TreeMap<>();
    labels.put("alertname", "PortcurfewSummary");
    labels.put("severity", summary.worst().label());
    labels.put("host", host);
    return labels;
  }

  private static SortedMap<String, String> ofAlert(Notification notification) {
    Finding finding = notification.alert().finding();
    Endpoint endpoint = finding.endpoint();
    SocketPlace socket = finding.socket();
    SortedMap<String, String> labels = new TreeMap<>();
    labels.put("alertname", name(finding.kind()));
    labels.put("rule", finding.rule());
    labels.put("severity", finding.severity().label());
    labels.put("host", notification.host());
    if (endpoint != null) {
      labels.put("protocol", endpoint.protocol().label());
      labels.put("port", Integer.toString(endpoint.port()));
      labels.put("address", endpoint.address().toString());
      labels.put("namespace", endpoint.namespace());
    } else if (socket != null) {
      labels.put("socket", socket.toString());
      labels.put("namespace", socket.namespace());
    } else if (finding.namespace() != null) {
      labels.put("namespace", finding.namespace());
    }
    return labels;
  }

  /** The name of a kind in camel case, as in {@code PortcurfewWrongOwner}. */
  private static String name(FindingType kind) {
    StringBuilder name = new StringBuilder("Portcurfew");
    for (String word : kind.label().split("-", -1)) {
      name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
    }
    return name.toString();
  }
}
