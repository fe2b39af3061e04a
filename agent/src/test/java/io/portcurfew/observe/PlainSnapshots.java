package io.portcurfew.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Snapshots of the host web-1 with the client ports of Linux. */
public final class PlainSnapshots {

  private static final HostText HOST = HostText.of("web-1");

  private PlainSnapshots() {}

  /** Listeners that no source is named for, without gaps. */
  public static Snapshot of(Instant now, boolean complete, List<Listener> listeners) {
    return of(now, complete, listeners, List.of());
  }

  /** Listeners and gaps that no source is named for. */
  public static Snapshot of(
      Instant now, boolean complete, List<Listener> listeners, List<Gap> gaps) {
    return new Snapshot(
        HOST, now, complete, listeners, gaps, List.of(), List.of(), PortRange.LINUX_EPHEMERAL);
  }

  /** Returns a snapshot of the sources of these views. */
  public static Snapshot of(Instant now, View... views) {
    List<TimedView> looks =
        Stream.of(views).map(view -> new TimedView(view, Duration.ZERO)).toList();
    return Snapshot.of(HOST, now, looks, PortRange.LINUX_EPHEMERAL);
  }
}
