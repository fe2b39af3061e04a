package io.portcurfew.alert;

import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The notifications sent about an alert, and its recent changes.
 *
 * @param notifiedAt the time of the last notification that it fires; {@code null} before the first
 * @param owners the last known {@linkplain OwnerIdentity identities} of the owners
 * @param changes the times of its last changes, the latest last: starts, ends and changes of owner,
 *     those of its earlier lives included
 * @param flapping true if it starts and ends often; its end is then notified only once it is calm
 * @param goneSince the time at which the finding of a flapping alert went away
 * @param held the reason to notify once it is no longer silenced; {@link Reason#FIRST} if nobody
 *     was notified yet; {@code null} while it is not silenced
 * @param severities the severities of its notifications so far
 */
public record NotificationState(
    @Nullable Instant notifiedAt,
    List<String> owners,
    List<Instant> changes,
    boolean flapping,
    @Nullable Instant goneSince,
    @Nullable Reason held,
    SortedSet<Severity> severities) {

  /** More changes than this within {@link #WINDOW} are flapping. */
  public static final int MOST = 5;

  /** The time in which changes are counted; an alert without a change for this time is calm. */
  public static final Duration WINDOW = Duration.ofMinutes(10);

  /** No notifications, no owners, no changes. */
  public static final NotificationState NEW =
      new NotificationState(null, List.of(), List.of(), false, null, null, new TreeSet<>());

  public NotificationState {
    owners = List.copyOf(owners);
    changes = List.copyOf(changes);
    severities = Collections.unmodifiableSortedSet(new TreeSet<>(severities));
  }

  /** Adds a change; more than {@link #MOST} recent changes are flapping. */
  NotificationState changed(Instant now) {
    List<Instant> recent = Stream.concat(recent(now).stream(), Stream.of(now)).toList();
    List<Instant> last = recent.subList(Math.max(0, recent.size() - MOST - 1), recent.size());
    return new NotificationState(
        notifiedAt, owners, last, flapping || last.size() > MOST, goneSince, held, severities);
  }

  /** Ends the flapping if nothing has changed for {@link #WINDOW}. */
  NotificationState calmed(Instant now) {
    return flapping && goneSince == null && recent(now).isEmpty()
        ? new NotificationState(notifiedAt, owners, List.of(), false, null, held, severities)
        : this;
  }

  NotificationState notified(Instant now) {
    return new NotificationState(now, owners, changes, flapping, goneSince, held, severities);
  }

  NotificationState ownedBy(List<String> known) {
    return new NotificationState(notifiedAt, known, changes, flapping, goneSince, held, severities);
  }

  NotificationState gone(@Nullable Instant since) {
    return new NotificationState(notifiedAt, owners, changes, flapping, since, held, severities);
  }

  NotificationState holding(@Nullable Reason reason) {
    return reason == held
        ? this
        : new NotificationState(
            notifiedAt, owners, changes, flapping, goneSince, reason, severities);
  }

  /** Adds the severity of a notification. */
  NotificationState notifiedWith(Severity severity) {
    SortedSet<Severity> all = new TreeSet<>(severities);
    all.add(severity);
    return new NotificationState(notifiedAt, owners, changes, flapping, goneSince, held, all);
  }

  /** The state with which the next life of the same alert starts. */
  NotificationState next() {
    return new NotificationState(null, List.of(), changes, false, null, null, new TreeSet<>());
  }

  /**
   * The absolute difference: after a step of the clock an old change must not stay recent for ever.
   */
  private List<Instant> recent(Instant now) {
    return changes.stream().filter(at -> isWithin(at, now)).toList();
  }

  private static boolean isWithin(Instant at, Instant now) {
    return Duration.between(at, now).abs().compareTo(WINDOW) < 0;
  }

  /** True if the finding of a flapping alert has been gone for long enough. */
  boolean isOver(Instant now) {
    return goneSince != null && !isWithin(goneSince, now);
  }
}
