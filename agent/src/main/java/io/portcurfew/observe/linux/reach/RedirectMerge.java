package io.portcurfew.observe.linux.reach;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OrderedListeners;
import io.portcurfew.observe.Redirect;
import io.portcurfew.observe.UnknownOwner;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Adds redirects to the listeners with a socket; a port that has both is one listener. The result
 * is the same list again while all are the same. For one caller at a time.
 */
public final class RedirectMerge {

  private List<Listener> sockets = List.of();
  private List<Listener> published = List.of();
  private List<Listener> rules = List.of();
  private List<Listener> elsewhere = List.of();
  private List<Listener> merged = List.of();

  /** Creates an empty memory. */
  public RedirectMerge() {}

  /**
   * All listeners, in order of endpoint.
   *
   * @param fromFiles the published ports, which name a container
   * @param fromRules the redirects of rulesets, which may be about the same ports
   * @param inOthers the redirects of rulesets of other namespaces
   */
  // Comparing thousands of listeners in each look would cost more than the look.
  @SuppressWarnings("ReferenceEquality")
  public List<Listener> of(
      List<Listener> withSocket,
      List<Listener> fromFiles,
      List<Listener> fromRules,
      List<Listener> inOthers) {
    if (withSocket != sockets
        || fromFiles != published
        || fromRules != rules
        || inOthers != elsewhere) {
      sockets = withSocket;
      published = fromFiles;
      rules = fromRules;
      elsewhere = inOthers;
      boolean none = fromFiles.isEmpty() && fromRules.isEmpty() && inOthers.isEmpty();
      merged = none ? withSocket : merge();
    }
    return merged;
  }

  private List<Listener> merge() {
    SortedMap<Endpoint, Listener> all = new TreeMap<>();
    sockets.forEach(one -> all.put(one.endpoint(), one));
    published.forEach(one -> all.merge(one.endpoint(), one, Listener::beside));
    rules.forEach(rule -> add(rule, all));
    elsewhere.forEach(rule -> add(rule, all));
    return OrderedListeners.of(all.values());
  }

  private void add(Listener rule, SortedMap<Endpoint, Listener> all) {
    Redirect via = rule.via();
    if (via != null && via.local()) {
      local(rule, via, all);
    } else {
      all.merge(rule.endpoint(), rule, Listener::beside);
    }
  }

  /** The sockets on the other port receive the traffic; without one nobody does. */
  private void local(Listener rule, Redirect via, SortedMap<Endpoint, Listener> all) {
    HostText target = via.target();
    String shown = target == null ? "" : target.toString();
    String port = shown.substring(shown.lastIndexOf(':') + 1);
    sockets.stream()
        .filter(one -> isReceiver(one.endpoint(), rule.endpoint(), port))
        .reduce(Listener::beside)
        .ifPresent(
            receiver -> {
              Listener redirect = Listener.redirect(rule.endpoint(), receiver.owners(), via);
              UnknownOwner unknown = receiver.unknownOwner();
              Listener exact = unknown == null ? redirect : redirect.without(unknown);
              all.merge(rule.endpoint(), exact, Listener::beside);
            });
  }

  private static boolean isReceiver(Endpoint socket, Endpoint redirected, String port) {
    return socket.namespace().equals(redirected.namespace())
        && socket.protocol() == redirected.protocol()
        && Integer.toString(socket.port()).equals(port)
        && (socket.address().isIpv6() || !redirected.address().isIpv6());
  }
}
