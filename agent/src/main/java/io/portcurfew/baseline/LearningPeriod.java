package io.portcurfew.baseline;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Policy;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The listeners that a history shows within a period, with the number of times and days on which
 * each was open; pure. A day is one of UTC.
 */
public final class LearningPeriod {

  /** The period of learning from one moment. */
  public static final LearningPeriod NONE = new LearningPeriod(List.of(), Instant.MAX, Instant.MIN);

  private static final String SOURCE = "history";

  private final Instant from;
  private final Instant to;
  private final @Nullable Instant begins;
  private final Map<Endpoint, List<PastListener>> byEndpoint = new LinkedHashMap<>();

  /**
   * A listener of the history with one set of owners.
   *
   * @param last the time at which it was last seen; {@code null} while it is open
   */
  public record PastListener(
      Endpoint endpoint, List<Owner> owners, Instant first, @Nullable Instant last) {

    public PastListener {
      owners = List.copyOf(owners);
    }
  }

  private LearningPeriod(List<PastListener> history, Instant from, Instant to) {
    this.from = from;
    this.to = to;
    this.begins = history.stream().map(PastListener::first).min(Instant::compareTo).orElse(null);
    for (PastListener one : history) {
      boolean within = one.last() == null || !one.last().isBefore(from);
      if (within && !one.first().isAfter(to)) {
        byEndpoint.computeIfAbsent(one.endpoint(), none -> new ArrayList<>()).add(one);
      }
    }
  }

  /** The part of a history from one time to another. */
  public static LearningPeriod of(List<PastListener> history, Instant from, Instant to) {
    return new LearningPeriod(history, from, to);
  }

  /** Adds the listeners and owners of the period to what is there now. */
  public Snapshot addTo(Snapshot now) {
    Map<Endpoint, Listener> all = new LinkedHashMap<>();
    now.listeners().forEach(listener -> all.put(listener.endpoint(), listener));
    byEndpoint.forEach(
        (endpoint, past) -> {
          Listener before = new Listener(endpoint, null, owners(past), SOURCE);
          all.merge(endpoint, before, Listener::and);
        });
    return now.with(all.values().stream().sorted().toList());
  }

  /** The processes have ended, so their pids may be those of others now. */
  private static List<Owner> owners(List<PastListener> past) {
    List<Owner> owners = new ArrayList<>();
    for (PastListener one : past) {
      for (Owner owner : one.owners()) {
        owners.add(owner.kernel() == null ? owner.withPid(-1 - owners.size()) : owner);
      }
    }
    return owners;
  }

  /** The reason why less was seen than the period asks for; {@code null} if all of it was seen. */
  @Nullable String gap() {
    if (from.isAfter(to) || (begins != null && !begins.isAfter(from))) {
      return null;
    }
    return begins == null
        ? "the history has no listener"
        : "the history begins at " + begins + ", after the beginning of the period at " + from;
  }

  /**
   * Words for the reason of a rule: how often these listeners were open. Those that were open on
   * one day alone are marked for review. Empty if there is no period.
   */
  String words(Collection<Listener> listeners) {
    int days = days(from, to).size();
    if (days == 0) {
      return "";
    }
    int times = 0;
    Set<LocalDate> seen = new TreeSet<>();
    Set<Endpoint> endpoints = new HashSet<>();
    listeners.forEach(listener -> endpoints.add(listener.endpoint()));
    for (Endpoint endpoint : endpoints) {
      for (PastListener one : byEndpoint.getOrDefault(endpoint, List.of())) {
        times++;
        seen.addAll(days(one.first(), one.last() == null ? to : one.last()));
      }
    }
    if (times == 0) {
      return "; REVIEW: seen at the end of the period alone";
    }
    String often = times == 1 ? "opened once" : "opened " + times + " times";
    return days > 1 && seen.size() == 1
        ? "; REVIEW: " + often + ", on " + seen.iterator().next() + " alone"
        : "; " + often + ", open on " + seen.size() + " of " + days + " days";
  }

  /** The days of a time that are within the period. */
  private Set<LocalDate> days(Instant first, Instant last) {
    Set<LocalDate> days = new TreeSet<>();
    Instant start = first.isBefore(from) ? from : first;
    Instant end = last.isAfter(to) ? to : last;
    if (start.isAfter(end)) {
      return days;
    }
    LocalDate until = Policy.day(end);
    for (LocalDate day = Policy.day(start); !day.isAfter(until); day = day.plusDays(1)) {
      days.add(day);
    }
    return days;
  }
}
