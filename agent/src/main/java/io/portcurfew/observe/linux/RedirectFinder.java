package io.portcurfew.observe.linux;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.linux.container.PublishedPortFinder;
import io.portcurfew.observe.linux.namespace.NamespaceOpener;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.reach.RedirectMerge;
import io.portcurfew.observe.linux.reach.Rulesets;
import io.portcurfew.process.Threads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Finds the redirects of the host: published ports of containers, and the rulesets of all network
 * namespaces. For one caller at a time.
 */
final class RedirectFinder implements AutoCloseable {

  private final PublishedPortFinder published;
  private final Rulesets rulesets;
  private final RulesetVisits visits;
  private final RedirectMerge merge = new RedirectMerge();

  RedirectFinder(String source, Path root, NamespaceOpener opener) {
    published = new PublishedPortFinder(source, new ProcFs(root));
    rulesets = new Rulesets(source, new ProcFs(root), Threads.SYSTEM);
    visits = new RulesetVisits(source, root, opener);
  }

  /**
   * Returns the listeners with the redirects; the same list again while nothing changes.
   *
   * @param listeners those with a socket
   * @param namespacesChanged true if a namespace or its name has changed
   * @param turn the part of the namespaces that this look reads
   * @param awake the host and the namespaces that do not rest
   */
  List<Listener> addTo(
      List<Listener> listeners,
      Collection<NetworkNamespace> all,
      boolean namespacesChanged,
      TurnClock.LookTurn turn,
      List<NetworkNamespace> awake)
      throws InterruptedException {
    return merge.of(
        listeners,
        published.look(namespacesChanged),
        rulesets.look(),
        limit().isEmpty() ? visits.look(all, turn, awake.size() > 1) : List.of());
  }

  /** Returns how many sockets stay in another network namespace, to ask for its ruleset. */
  int socketsIn(NetworkNamespace namespace) {
    return visits.socketsIn(namespace);
  }

  /** Returns the gaps of the last look. */
  List<Gap> gaps(Collection<NetworkNamespace> all) {
    List<Gap> gaps = new ArrayList<>(published.gaps());
    gaps.addAll(rulesets.gaps());
    gaps.addAll(visits.gaps(all));
    return gaps;
  }

  /** Returns the limits of the last look, in words. */
  List<String> limits(Collection<NetworkNamespace> all) {
    String why =
        limit().isEmpty()
            ? visits.limit(all)
            : "redirects of nftables and iptables are not seen: " + limit();
    return why.isEmpty() ? List.of() : List.of(why);
  }

  /** Returns the reason why the rulesets of firewalls cannot be read; empty if they can. */
  String limit() {
    return rulesets.limit();
  }

  @Override
  public void close() {
    rulesets.close();
    visits.close();
  }
}
