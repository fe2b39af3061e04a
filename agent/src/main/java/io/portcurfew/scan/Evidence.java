package io.portcurfew.scan;

import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.TimedView;
import io.portcurfew.observe.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The views of all sources. Each adds one line about its endpoint to a notification.
 *
 * @param views one of each source
 */
record Evidence(List<View> views) {

  /** No source was asked. */
  static final Evidence NONE = new Evidence(List.of());

  /** The most owners in a line, because an attacker decides how many processes hold a socket. */
  private static final int MOST_OWNERS = 4;

  static Evidence of(List<TimedView> views) {
    return new Evidence(views.stream().map(TimedView::view).toList());
  }

  /** The same notification with a line of each source. */
  Notification addTo(Notification notification) {
    Finding finding = notification.alert().finding();
    List<String> evidence = new ArrayList<>(finding.evidence());
    evidence.addAll(about(Objects.requireNonNull(finding.endpoint())));
    return notification.with(finding.with(evidence));
  }

  /** A line from each source about this endpoint, or about another one on the same port. */
  List<String> about(Endpoint endpoint) {
    return views.stream().map(view -> view.source() + ": " + line(view, endpoint)).toList();
  }

  private static String line(View view, Endpoint endpoint) {
    if (!view.isUp()) {
      return "could not look, " + view.gaps().get(0).why();
    }
    List<Listener> there =
        view.listeners().stream().filter(l -> isOnSamePort(l.endpoint(), endpoint)).toList();
    if (there.isEmpty()) {
      return view.complete() ? "shows nothing on this port" : "does not show it";
    }
    return there.stream().limit(MOST_OWNERS).map(Evidence::line).collect(Collectors.joining("; "));
  }

  private static boolean isOnSamePort(Endpoint one, Endpoint other) {
    return one.port() == other.port() && one.protocol() == other.protocol();
  }

  private static String line(Listener listener) {
    String owners =
        listener.owners().stream()
            .limit(MOST_OWNERS)
            .map(Owner::toString)
            .collect(Collectors.joining(", "));
    return listener.endpoint() + (owners.isEmpty() ? ", owner not shown" : " held by " + owners);
  }
}
