package io.portcurfew.observe.linux;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSockets;
import io.portcurfew.observe.OwnerFact;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.ProcMount;
import io.portcurfew.observe.linux.kernel.ProcessReads;
import io.portcurfew.observe.linux.namespace.NamespaceOpener;
import io.portcurfew.observe.linux.namespace.Namespaces;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.owner.SocketOwners;
import io.portcurfew.observe.linux.owner.WalkFinds;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessList;
import io.portcurfew.observe.linux.unlisted.UnlistedOpenings;
import io.portcurfew.process.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lists the listening sockets of every network namespace on Linux. It uses sock_diag, without child
 * processes or text. If the kernel refuses sock_diag, it reads /proc/net and adds a gap to the
 * view. It keeps state between scans: a listener counts as gone only after an exact lookup, and the
 * owners of a socket are searched for only once. Calls run one at a time. A look that hangs is
 * abandoned, and another observer takes its place.
 */
final class LinuxObserver implements AutoCloseable {

  private static final String NAME = LinuxSource.NAME;

  private static final int CLOSE_TIMEOUT_SECONDS = 1;

  private final ReentrantLock lock = new ReentrantLock();
  private final ProcMount mount = new ProcMount();
  private final ProcessList processes;
  private final SocketOwners owners;
  private final Namespaces namespaces;
  private final ListenerBuilder builder;
  private final FamilySockets families;
  private final OwnerLook ownerLook;
  private final OtherSocketBuilder otherSockets;
  private final RedirectFinder redirects;
  private final BpfPrograms programs;
  private final TurnClock clock = new TurnClock();
  private final SocketListing listing = new SocketListing(NAME, Ticker.SYSTEM);
  private final EndSocketOpener ends;
  private final UnlistedOpenings openings;
  private final ProcessReads reads;

  // Created once: Java's quick compiler makes each of them anew by a chain of method handles.
  private final Supplier<int[]> members;
  private final Supplier<Set<Long>> familyPrograms;
  private volatile Set<OwnerFact> requestedFacts = Set.of();

  /** True if the last scan was interrupted or failed: the list may then lack a change. */
  private boolean listMayBeStale = true;

  private volatile Map<Long, String> names = Map.of();

  /**
   * Creates an observer that has seen nothing yet.
   *
   * @param ends opens the sockets for events of other network namespaces
   * @param openings the listeners that events report
   * @param reads is shown each read of a process that may wait
   */
  LinuxObserver(
      Path root,
      NamespaceOpener opener,
      SocketOwners.Limits limits,
      EndSocketOpener ends,
      UnlistedOpenings openings,
      ProcessReads reads) {
    this.ends = ends;
    this.openings = openings;
    this.reads = reads;
    ProcFs proc = new ProcFs(root, mount, reads);
    processes = new ProcessList(proc);
    owners = new SocketOwners(root, processes, SocketOwners.Pace.USUAL, limits);
    namespaces = new Namespaces(NAME, processes, opener);
    builder = new ListenerBuilder(NAME, root, owners);
    otherSockets = new OtherSocketBuilder(owners, builder::whyNoOwner);
    redirects = new RedirectFinder(NAME, root, opener);
    families =
        new FamilySockets(proc.another(), one -> redirects.socketsIn(one) + ends.countIn(one));
    ownerLook = new OwnerLook(owners, namespaces, families);
    programs = new BpfPrograms(NAME, proc.another());
    members = namespaces::members;
    familyPrograms = families::programs;
  }

  /** Sets the facts that the next scans collect about every owner. */
  void ask(Set<OwnerFact> facts) {
    requestedFacts = Set.copyOf(facts);
  }

  View look() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      reads.beginLook();
      return lookLocked();
    } finally {
      reads.endLook();
      if (reads.isAbandoned()) {
        closeAll();
      }
      lock.unlock();
    }
  }

  private View lookLocked() throws InterruptedException {
    Duration began = Ticker.SYSTEM.elapsed();
    List<Gap> gaps = new ArrayList<>();
    boolean changed = listMayBeStale;
    listMayBeStale = true;
    namespaces.refresh(gaps, ownerLook.mayBeHeld());
    changed |= namespaces.changed();
    if (changed) {
      names = namesByInode();
    }
    Set<Protocol> watched = openings.watched();
    TurnClock.LookTurn turn =
        clock.look(namespaces.sinceLastLook(), watched.containsAll(TurnClock.WATCHED));
    boolean everything = openings.takeChangedElsewhere() || changed;
    changed |= listing.list(namespaces, turn, everything, watched, gaps);
    boolean othersChanged =
        families.look(namespaces.all(), changed, turn, listing.awake()) || changed;
    ownerLook.begin(requestedFacts);
    search(othersChanged);
    boolean isSettled = listing.settle(namespaces, ownerLook, gaps);
    if (isSettled) {
      names = namesByInode();
    }
    boolean namespacesChanged = namespaces.changed();
    // The search may have passed namespaces that only a descriptor keeps.
    if (namespaces.add(owners.takeNamespaces()) || isSettled) {
      changed = true;
      othersChanged = true;
      namespacesChanged = true;
      listing.listNew(namespaces, gaps);
      families.look(namespaces.all(), true, TurnClock.LookTurn.NONE, List.of());
      search(true);
    }
    WalkFinds finds = owners.finds();
    if (families.add(finds, namespaces.all())) {
      othersChanged = true;
      ownerLook.search(true);
    }
    namespaces.addUnseen(gaps);
    List<Listener> listeners =
        redirects.addTo(
            builder.of(listing.parts(), changed),
            namespaces.all(),
            namespacesChanged,
            turn,
            listing.awake());
    OtherSockets others = otherSockets.of(listing.parts(), families, othersChanged);
    listMayBeStale = false;
    ends.open(namespaces.all());
    gaps.addAll(others.gaps(NAME));
    gaps.addAll(programs.look(finds.programs(), familyPrograms));
    gaps.addAll(builder.gaps());
    gaps.addAll(redirects.gaps(namespaces.all()));
    gaps.addAll(owners.unlisted().look(NAME, members));
    if (!reads.users().isEmpty()) {
      String why = reads.users().words() + ": a read hangs or hung until a moment ago";
      gaps.add(new Gap(NAME, Gap.What.OWNERS, "not read: " + why));
    }
    gaps.addAll(missingOpenings(listing.parts(), changed, began, gaps));
    boolean complete = !View.areListenersHidden(gaps);
    return new View(NAME, complete, listeners, gaps, others, limits());
  }

  private void search(boolean changed) throws InterruptedException {
    if (listing.takeLate()) {
      owners.readAll();
    }
    ownerLook.search(changed);
  }

  /** Returns the gaps of listeners that events report and no table lists. */
  private List<Gap> missingOpenings(
      Collection<ListenerBuilder.Part> parts, boolean changed, Duration began, List<Gap> soFar) {
    if (!changed && !openings.areWaiting()) {
      return List.of();
    }
    List<Gap> gaps = List.copyOf(soFar);
    Map<String, Collection<KernelSocket>> tables = new HashMap<>();
    parts.forEach(part -> tables.put(part.namespace().name(), part.sockets()));
    if (changed) {
      openings.list(tables.values(), Ticker.SYSTEM.elapsed());
    }
    return openings.scanned(
        NAME,
        tables,
        names,
        began,
        endpoint -> gaps.stream().anyMatch(gap -> gap.covers(endpoint)));
  }

  private List<String> limits() {
    List<String> limits = new ArrayList<>(otherSockets.limits());
    limits.addAll(redirects.limits(namespaces.all()));
    if (!owners.asksForNamespaces()) {
      limits.add(
          "network namespaces that only sockets keep cannot be listed: asking for them takes"
              + " CAP_NET_ADMIN and pidfd_getfd; sockets of users are compared with the tables of"
              + " the others, those of root are not");
    }
    programs.limit().ifPresent(limits::add);
    return limits;
  }

  /** Returns the names of the network namespaces that were known in the last scan. */
  List<String> namespaces() {
    lock.lock();
    try {
      return namespaces.all().stream().map(NetworkNamespace::name).sorted().toList();
    } finally {
      lock.unlock();
    }
  }

  private Map<Long, String> namesByInode() {
    Map<Long, String> all = new HashMap<>();
    namespaces.all().forEach(namespace -> all.put(namespace.inode(), namespace.name()));
    return Map.copyOf(all);
  }

  /** Returns the names of the network namespaces by inode, as of the last scan. */
  Map<Long, String> namespaceNames() {
    return names;
  }

  /** Returns the files under /run/netns that were no network namespaces in the last scan. */
  List<String> strays() {
    lock.lock();
    try {
      return namespaces.strays();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the reason why the rulesets of firewalls cannot be read; empty if they can. */
  String rulesetLimit() {
    lock.lock();
    try {
      return redirects.limit();
    } finally {
      lock.unlock();
    }
  }

  private void closeAll() {
    namespaces.close();
    redirects.close();
    owners.close();
    families.close();
    processes.close();
    mount.close();
  }

  /** Waits for a running scan, but only briefly, so that a blocked call does not stop the exit. */
  @Override
  public void close() {
    try {
      if (lock.tryLock(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        closeAll();
        lock.unlock();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
