package io.portcurfew.scan;

import io.portcurfew.alert.AlertGroup;
import io.portcurfew.alert.AlertKey;
import io.portcurfew.judge.Finding;
import io.portcurfew.observe.BriefOpening;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.policy.FindingType;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The recent results of events, for the scans that follow: open listeners that a running scan may
 * have missed, and findings about brief ones, whose alerts last a while. Pure; for one thread at a
 * time.
 *
 * <p>A program that opens port after port gets few alerts: the openings of one rule, place, file
 * and user that go beyond are counted in the first of them.
 */
final class RecentSightings {

  /** The life of a finding about a brief listener, so that a scrape of the metrics sees it. */
  static final Duration LASTS = Duration.ofSeconds(30);

  /** The alerts of one rule, place, file and user. */
  static final int OWN_ALERTS = 4;

  /**
   * The most findings and listeners that are kept. Of the findings the oldest of the largest share
   * goes first, of the listeners the oldest of all.
   */
  static final int MOST = 4096;

  private final Map<AlertKey, RecentFinding> brief = new LinkedHashMap<>();
  private final Map<OpeningGroup, Set<AlertKey>> groups = new HashMap<>();
  private final KeyShares shares = new KeyShares();
  private final Map<Endpoint, Open> open = new LinkedHashMap<>();

  private record OpeningGroup(AlertGroup of, FindingType kind) {}

  private record RecentFinding(Finding finding, Duration last) {}

  private record Open(Listener listener, Duration at) {}

  /** A listener is open. */
  void opened(Listener listener, Duration at) {
    open.remove(listener.endpoint());
    open.put(listener.endpoint(), new Open(listener, at));
    if (open.size() > MOST) {
      open.remove(open.keySet().iterator().next());
    }
  }

  /** Listeners have closed; each stands for the same endpoint of any namespace and interface. */
  void closed(Set<Endpoint> endpoints) {
    open.keySet().removeIf(one -> endpoints.stream().anyMatch(other -> isAt(one, other)));
  }

  /** True if an event about the second endpoint may be about the first one. */
  static boolean isAt(Endpoint one, Endpoint other) {
    return one.port() == other.port()
        && one.protocol() == other.protocol()
        && one.address().host().equals(other.address().host());
  }

  /** The listeners that were opened after this moment. */
  List<Listener> openedSince(Duration moment) {
    if (open.isEmpty()) {
      return List.of();
    }
    open.values().removeIf(one -> one.at().compareTo(moment) < 0);
    return open.values().stream().map(Open::listener).toList();
  }

  /** Adds a finding about a brief listener and returns the one to report, with all counts. */
  Finding add(Finding finding, BriefOpening opening, Duration now) {
    AlertKey key = AlertKey.of(finding);
    OpeningGroup group = new OpeningGroup(AlertGroup.of(finding), finding.kind());
    Set<AlertKey> own = groups.computeIfAbsent(group, one -> new LinkedHashSet<>());
    if (!own.contains(key) && own.size() >= OWN_ALERTS) {
      key = own.iterator().next();
    }
    RecentFinding before = own.contains(key) ? brief.get(key) : null;
    if (before == null) {
      // Another program opened the same place: its group and share lose the key.
      drop(key);
    }
    Finding latest =
        before == null
            ? finding.brief(opening)
            : counted(before.finding(), finding.endpoint(), opening);
    own.add(key);
    brief.put(key, new RecentFinding(latest, now));
    shares.add(group.of().share(), key);
    AlertKey oldest = brief.size() > MOST ? shares.oldestOfLargest() : null;
    if (oldest != null) {
      drop(oldest);
    }
    return latest;
  }

  private static Finding counted(Finding before, @Nullable Endpoint at, BriefOpening opening) {
    BriefOpening earlier = before.brief();
    Finding counted = before.brief(earlier == null ? opening : earlier.and(opening));
    return at == null || at.equals(before.endpoint())
        ? counted
        : counted.with(List.of("seen by " + opening.source(), "the last one: " + at));
  }

  /** A listener is open now in the place of a brief one, so the brief one is no longer reported. */
  void replaced(AlertKey key) {
    drop(key);
  }

  private void drop(AlertKey key) {
    RecentFinding entry = brief.remove(key);
    if (entry != null) {
      OpeningGroup group = new OpeningGroup(AlertGroup.of(entry.finding()), entry.finding().kind());
      Set<AlertKey> own = groups.get(group);
      if (own != null) {
        own.remove(key);
        if (own.isEmpty()) {
          groups.remove(group);
        }
      }
      shares.remove(group.of().share(), key);
    }
  }

  /** The number of programs, by rule, place and user, that have a finding. */
  int programs() {
    return groups.size();
  }

  /**
   * The findings about brief listeners that still last.
   *
   * @param found the findings of a scan; they replace findings about brief listeners at the same
   *     place
   */
  Collection<Finding> lasting(Collection<Finding> found, Duration now) {
    if (brief.isEmpty()) {
      return List.of();
    }
    found.forEach(finding -> drop(AlertKey.of(finding)));
    brief.entrySet().stream()
        .filter(one -> now.minus(one.getValue().last()).compareTo(LASTS) >= 0)
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::drop);
    return brief.values().stream().map(RecentFinding::finding).toList();
  }
}
