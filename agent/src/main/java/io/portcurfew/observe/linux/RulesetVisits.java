package io.portcurfew.observe.linux;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.namespace.NamespaceOpener;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rulesets of the other network namespaces, those that were not read yet first: a thread
 * enters some, reads, and ends. No look waits for it but the first. A socket stays in each, which
 * asks in turns for the number of the ruleset; after a change, and where that says nothing, the
 * thread comes again. It takes CAP_SYS_ADMIN and CAP_NET_ADMIN; without them, and until all are
 * read, there is a limit. For one caller at a time.
 */
final class RulesetVisits implements AutoCloseable {

  private static final int LOOKS_AFTER_REFUSAL = 60;
  private static final int MOST_IN_FIRST_LOOK = 128;

  /** The number of namespaces to visit in one look; each takes about 1 ms. */
  private static final int MOST_IN_LOOK = 16;

  /** The number of namespaces to ask in a look without a turn. */
  private static final int LEAST_IN_LOOK = 2;

  private static final long FIRST_WAIT_MILLIS = 2_000;

  private final String source;
  private final Path root;
  private final ProcFs proc;
  private final NamespaceOpener opener;
  private final Map<Long, VisitedRules> seen = new HashMap<>();
  private final RulesetTurns turns;
  private final Set<Long> unopened = new HashSet<>();
  private @Nullable RulesetRound running;
  private List<Listener> listeners = List.of();
  private Map<Long, NetworkNamespace> others = Map.of();

  /** Those of {@link #seen} with a redirect or a gap. */
  private Map<Long, VisitedRules> noted = Map.of();

  /** True if a ruleset was read, or other namespaces are there, since {@link #sort}. */
  private boolean isUnsorted = true;

  private boolean areAllRead;
  private int pause;
  private boolean isRefused;
  private boolean first = true;

  RulesetVisits(String source, Path root, NamespaceOpener opener) {
    this.source = source;
    this.root = root;
    this.proc = new ProcFs(root);
    this.turns = new RulesetTurns(proc);
    this.opener = opener;
  }

  /**
   * The redirects in other namespaces; the same list again while nothing changes.
   *
   * @param turn the part of the namespaces that this look reads
   * @param areAwake true if some do not rest: some are asked then without a turn
   */
  List<Listener> look(Collection<NetworkNamespace> all, TurnClock.LookTurn turn, boolean areAwake)
      throws InterruptedException {
    take(0);
    others = others(all);
    sort();
    turns.owe(Math.max(turn.share(others.size()), areAwake ? LEAST_IN_LOOK : 0));
    if (others.isEmpty()) {
      unopened.clear();
    } else if (running == null && pause == 0) {
      start();
      take(first ? FIRST_WAIT_MILLIS : 0);
      sort();
    }
    pause = Math.max(0, pause - 1);
    first &= others.isEmpty();
    List<Listener> latest = new ArrayList<>();
    for (Map.Entry<Long, VisitedRules> one : noted.entrySet()) {
      NetworkNamespace namespace = others.get(one.getKey());
      if (namespace != null) {
        for (Listener redirect : one.getValue().rules().listeners()) {
          latest.add(redirect.within(namespace.name()));
        }
      }
    }
    latest.sort(null);
    listeners = latest.equals(listeners) ? listeners : List.copyOf(latest);
    return listeners;
  }

  /** Forgets the namespaces that are gone, and finds those that each look needs. */
  private void sort() {
    if (isUnsorted) {
      forgetAllBut(others.keySet());
      areAllRead = seen.size() == others.size();
      noted = new HashMap<>(seen);
      noted.values().removeIf(VisitedRules::isPlain);
      isUnsorted = false;
    }
  }

  private void forgetAllBut(Set<Long> inodes) {
    for (Iterator<Map.Entry<Long, VisitedRules>> known = seen.entrySet().iterator();
        known.hasNext(); ) {
      Map.Entry<Long, VisitedRules> one = known.next();
      if (!inodes.contains(one.getKey())) {
        one.getValue().close();
        known.remove();
      }
    }
  }

  /** Returns the other namespaces by inode; the same map again while they are the same. */
  private Map<Long, NetworkNamespace> others(Collection<NetworkNamespace> all) {
    Iterator<NetworkNamespace> known = others.values().iterator();
    boolean same = true;
    for (NetworkNamespace one : all) {
      same &= one.isHost() || (known.hasNext() && known.next().equals(one));
    }
    if (same && !known.hasNext()) {
      return others;
    }
    isUnsorted = true;
    Map<Long, NetworkNamespace> latest = new LinkedHashMap<>();
    for (NetworkNamespace one : all) {
      if (!one.isHost()) {
        latest.put(one.inode(), one);
      }
    }
    return latest;
  }

  /** The gaps of the rulesets of these namespaces. */
  List<Gap> gaps(Collection<NetworkNamespace> all) {
    List<Gap> gaps = new ArrayList<>(0);
    if (noted.isEmpty()) {
      return gaps;
    }
    for (NetworkNamespace namespace : all) {
      VisitedRules visited = noted.get(namespace.inode());
      List<String> missing = visited == null ? List.of() : visited.rules().missing();
      if (!missing.isEmpty()) {
        String why =
            "redirects in namespace "
                + namespace.name()
                + " are not all seen: "
                + String.join("; ", missing);
        gaps.add(new Gap(source, Gap.What.PROTOCOL, why, null, Place.in(namespace.name())));
      }
    }
    return gaps;
  }

  /** Returns the limit in words: how many rulesets are not known; empty if all were read. */
  String limit(Collection<NetworkNamespace> all) {
    if (areAllRead && !isUnsorted) {
      return "";
    }
    int others = 0;
    int unread = 0;
    for (NetworkNamespace namespace : all) {
      others += namespace.isHost() ? 0 : 1;
      unread += namespace.isHost() || seen.containsKey(namespace.inode()) ? 0 : 1;
    }
    if (unread == 0 || proc.isCaptured()) {
      return "";
    }
    String which = "redirects in " + unread + " of " + others + " other network namespaces";
    return which
        + (isRefused
            ? " are not seen: entering them takes CAP_SYS_ADMIN and CAP_NET_ADMIN"
            : " are not known yet: the rulesets are read in turns");
  }

  /** Returns how many sockets stay in a namespace. */
  int socketsIn(NetworkNamespace namespace) {
    VisitedRules visited = seen.get(namespace.inode());
    return visited == null || visited.generation() == null ? 0 : 1;
  }

  /** Starts with the namespaces that were not read yet, those of root first. */
  private void start() {
    List<NetworkNamespace> next = areAllRead ? List.of() : unread();
    if (next.isEmpty()) {
      unopened.clear();
      next = turns.next(others, seen);
    }
    List<RulesetRound.Visit> visits = new ArrayList<>();
    for (NetworkNamespace namespace : next) {
      try {
        VisitedRules before = seen.getOrDefault(namespace.inode(), VisitedRules.NOTHING);
        int fd = opener.handle(namespace);
        visits.add(new RulesetRound.Visit(namespace.inode(), fd, before));
      } catch (KernelException gone) {
        // The look at its sockets reports a namespace that cannot be opened.
        unopened.add(namespace.inode());
      }
    }
    if (!visits.isEmpty()) {
      running = RulesetRound.start(root, visits);
    }
  }

  private List<NetworkNamespace> unread() {
    return others.values().stream()
        .filter(one -> !seen.containsKey(one.inode()) && !unopened.contains(one.inode()))
        .sorted(Comparator.comparing(one -> !one.isOfRoot()))
        .limit(first ? MOST_IN_FIRST_LOOK : MOST_IN_LOOK)
        .toList();
  }

  private void take(long millis) throws InterruptedException {
    RulesetRound round = running;
    if (round == null) {
      return;
    }
    RulesetRound.Progress progress = round.await(millis);
    if (progress != RulesetRound.Progress.RUNNING) {
      running = null;
      isRefused = progress == RulesetRound.Progress.REFUSED;
      pause = isRefused ? LOOKS_AFTER_REFUSAL : 0;
    }
    for (Map.Entry<Long, VisitedRules> one : round.take().entrySet()) {
      VisitedRules before = seen.put(one.getKey(), one.getValue());
      if (before != null) {
        before.close();
      }
      isUnsorted = true;
    }
  }

  /** A round that still runs closes nothing: its thread ends with the process. */
  @Override
  public void close() {
    forgetAllBut(Set.of());
  }
}
