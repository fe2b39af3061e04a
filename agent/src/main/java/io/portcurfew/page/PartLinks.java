package io.portcurfew.page;

import io.portcurfew.alert.AlertState;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.text.CountedNoun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The links from the top of the status page to its parts, with their counts. */
final class PartLinks {

  private final List<Map<String, Object>> links = new ArrayList<>();

  private PartLinks() {}

  /** The values of the template. */
  static List<Map<String, Object>> of(PageContent page) {
    PartLinks parts = new PartLinks();
    JudgedSnapshot last = page.last();
    if (last != null) {
      parts.add("findings", last.judgement().findings().size(), "finding", "bad");
    }
    long firing =
        page.alerts().stream().filter(alert -> alert.state() == AlertState.FIRING).count();
    parts.add("alerts", firing, "firing alert", "unknown");
    if (last != null) {
      Snapshot snapshot = last.snapshot();
      parts.add("listeners", snapshot.listeners().size(), "listener", "");
      parts.add("sockets", snapshot.sockets().all().size(), "other socket", "");
    }
    List<PageContent.OpenPeriod> history = page.history();
    if (history != null) {
      parts.add("timeline", changes(history, page.now()), "recent change", "");
    }
    parts.add("silences", page.silences().active().size(), "silence", "");
    if (last != null) {
      parts.add("limits", last.snapshot().gaps().size(), "gap", "unknown");
    }
    return parts.links;
  }

  private static long changes(List<PageContent.OpenPeriod> history, Instant now) {
    Instant start = now.minusSeconds(PageContent.HOURS * 3600L);
    return history.stream().filter(one -> !one.first().isBefore(start)).count()
        + history.stream().filter(one -> one.last() != null).count();
  }

  /**
   * @param colour the class of the style sheet, unless the part is empty
   */
  private void add(String part, long count, String noun, String colour) {
    links.add(
        Map.of(
            "id",
            "h-" + part,
            "text",
            CountedNoun.of(count, noun),
            "class",
            count == 0 ? "" : colour));
  }
}
