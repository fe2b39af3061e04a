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
 * What of an alert was told, and how it changed lately.
 *
 * @param toldAt when people were last told that it fires; {@code null} while nobody was
 * @param owners the {@linkplain OwnerIdentity identities} of the owners when they were last known
 * @param changes when it last changed, the latest last: its firings, its ends and its changes of
 *     owner, those of its lives before included
 * @param flapping whether it comes and goes; its ends are then not told until it is calm
 * @param goneSince since when the finding of a flapping alert is gone
 * @param held why people are to be told once it is no longer silenced; {@link Reason#FIRST} where
 *     they do not know of it at all; {@code null} while it is not silenced
 * @param severities those that people were told of it with; none while nobody was
 */
public record NotificationState(
    @Nullable Instant toldAt,
    List<String> owners,
    List<Instant> changes,
    boolean flapping,
    @Nullable Instant goneSince,
    @Nullable Reason held,
    SortedSet<Severity> severities) {

  /** More changes than this within {@link #WINDOW} are flapping. */
  public static final int MOST = 5;

  /** The time in which changes are counted, and after which without one an alert is calm. */
  public static final Duration WINDOW = Duration.ofMinutes(10);

  /** Nothing told, nothing known. */
  public static final NotificationState NEW =
      new NotificationState(null, List.of(), List.of(), false, null, null, new TreeSet<>());

  public NotificationState {
    owners = List.copyOf(owners);
    changes = List.copyOf(changes);
    severities = Collections.unmodifiableSortedSet(new TreeSet<>(severities));
  }

  /** After another change; from the one too many on it is flapping. */
  NotificationState changed(Instant now) {
    List<Instant> recent = Stream.concat(recent(now).stream(), Stream.of(now)).toList();
    List<Instant> last = recent.subList(Math.max(0, recent.size() - MOST - 1), recent.size());
    return new NotificationState(
        toldAt, owners, last, flapping || last.size() > MOST, goneSince, held, severities);
  }

  /** Where nothing has changed for long, it is no longer flapping. */
  NotificationState calmed(Instant now) {
    return flapping && goneSince == null && recent(now).isEmpty()
        ? new NotificationState(toldAt, owners, List.of(), false, null, held, severities)
        : this;
  }

  NotificationState told(Instant now) {
    return new NotificationState(now, owners, changes, flapping, goneSince, held, severities);
  }

  NotificationState ownedBy(List<String> known) {
    return new NotificationState(toldAt, known, changes, flapping, goneSince, held, severities);
  }

  NotificationState gone(@Nullable Instant since) {
    return new NotificationState(toldAt, owners, changes, flapping, since, held, severities);
  }

  NotificationState holding(@Nullable Reason reason) {
    return reason == held
        ? this
        : new NotificationState(toldAt, owners, changes, flapping, goneSince, reason, severities);
  }

  /** After people were told of it with this severity. */
  NotificationState toldAs(Severity severity) {
    SortedSet<Severity> all = new TreeSet<>(severities);
    all.add(severity);
    return new NotificationState(toldAt, owners, changes, flapping, goneSince, held, all);
  }

  /** What another life of the same alert begins with. */
  NotificationState next() {
    return new NotificationState(null, List.of(), changes, false, null, null, new TreeSet<>());
  }

  /** A clock that was set must not make a change of long ago recent for ever. */
  private List<Instant> recent(Instant now) {
    return changes.stream().filter(at -> isWithin(at, now)).toList();
  }

  private static boolean isWithin(Instant at, Instant now) {
    return Duration.between(at, now).abs().compareTo(WINDOW) < 0;
  }

  /** Whether the finding of a flapping alert has been gone for so long that it is over. */
  boolean isOver(Instant now) {
    return goneSince != null && !isWithin(goneSince, now);
  }
}
