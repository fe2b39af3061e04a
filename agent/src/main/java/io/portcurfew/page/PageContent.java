package io.portcurfew.page;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Silences;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.TrafficPlace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of the status page.
 *
 * @param version the version of the agent
 * @param last the last completed scan; {@code null} before the first
 * @param failedAt the time of the last failed scan; {@code null} if none failed
 * @param now the time of the page
 * @param alerts the open alerts and those resolved within the last {@link #HOURS} hours
 * @param firstSeen when each open listener was first seen
 * @param history the listeners and sockets of other families that opened or closed within the last
 *     {@link #HOURS} hours, in order of opening; {@code null} if the history cannot be read
 * @param eventSources the event sources of the agent
 * @param warnings the risks of this web server, one sentence each
 * @param showsOwners true if the reader may see the owners
 */
public record PageContent(
    String version,
    HostText host,
    @Nullable JudgedSnapshot last,
    @Nullable Instant failedAt,
    Instant now,
    List<Alert> alerts,
    Silences silences,
    Map<Endpoint, Instant> firstSeen,
    @Nullable List<OpenPeriod> history,
    List<EventSourceHealth> eventSources,
    List<String> warnings,
    boolean showsOwners) {

  /** The hours that the page looks back. */
  public static final int HOURS = 24;

  public PageContent {
    alerts = List.copyOf(alerts);
    firstSeen = Map.copyOf(firstSeen);
    history = history == null ? null : List.copyOf(history);
    eventSources = List.copyOf(eventSources);
    warnings = List.copyOf(warnings);
  }

  /**
   * The health of an event source.
   *
   * @param up true if it is used
   * @param why why it is not used, or what it does not report; empty if there is nothing to say
   * @param opened the openings that it reported
   * @param closed the closings that it reported
   * @param lost the events that are known to be lost
   * @param last the time of the latest event; {@code null} if there was none
   */
  public record EventSourceHealth(
      String name,
      boolean up,
      String why,
      long opened,
      long closed,
      long lost,
      @Nullable Instant last) {}

  /**
   * The time for which a listener, or a socket of another family, was open.
   *
   * @param owner the owners in words; empty if none is known
   * @param last when it was last seen; {@code null} while it is open
   */
  public record OpenPeriod(
      TrafficPlace place, String owner, Instant first, @Nullable Instant last) {}

  /** True if the last scan failed, so the content is older. */
  boolean isStale() {
    return failedAt != null && (last == null || failedAt.isAfter(last.snapshot().takenAt()));
  }
}
