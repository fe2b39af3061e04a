package io.portcurfew.observe.linux;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.OtherSockets;
import io.portcurfew.observe.OwnerFact;
import io.portcurfew.observe.View;
import io.portcurfew.observe.linux.events.source.NamespaceEnds;
import io.portcurfew.observe.linux.kernel.HeldSocket;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.ProcMount;
import io.portcurfew.observe.linux.namespace.CapturedTables;
import io.portcurfew.observe.linux.namespace.NamespaceEntry;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Lists the listening sockets of every network namespace on Linux. It uses sock_diag, without child
 * processes or text. If the kernel refuses sock_diag, it reads /proc/net and adds a gap to the
 * view. It keeps state between scans: a listener counts as gone only after an exact lookup, and the
 * owners of a socket are searched for only once. Calls run one at a time.
 */
public final class LinuxSource implements ListenerSource, AutoCloseable {

  /** The name of this source in views, gaps and metrics. */
  public static final String NAME = "sock_diag";

  /** The maximum number of ownerless sockets to look up per scan; a lookup takes 10 µs. */
  private static final int MAX_LOOKUPS = 256;

  private static final int CLOSE_TIMEOUT_SECONDS = 1;

  private final ReentrantLock lock = new ReentrantLock();
  private final ProcMount mount = new ProcMount();
  private final SocketOwners owners;
  private final Namespaces namespaces;
  private final ListenerBuilder builder;
  private final FamilySockets families;
  private final OtherSocketBuilder otherSockets;
  private final RedirectFinder redirects;
  private final BpfPrograms programs;
  private final SocketListing listing = new SocketListing(NAME, Ticker.SYSTEM);
  private final EndSocketOpener ends;
  private final UnlistedOpenings openings = new UnlistedOpenings();

  // Created once: Java's quick compiler makes each of them anew by a chain of method handles.
  private final Predicate<HeldSocket> goneSince = this::hasGone;
  private final Predicate<KernelSocket> held;
  private final Supplier<int[]> members;
  private final Supplier<Set<Long>> familyPrograms;
  private volatile Set<OwnerFact> requestedFacts = Set.of();

  /** True if the last scan was interrupted or failed: the list may then lack a change. */
  private boolean listMayBeStale = true;

  private volatile Map<Long, String> names = Map.of();
  private int lookUps;

  LinuxSource(Path root, NamespaceOpener opener) {
    this(root, opener, SocketOwners.Limits.USUAL);
  }

  private LinuxSource(Path root, NamespaceOpener opener, SocketOwners.Limits limits) {
    ProcFs proc = new ProcFs(root, mount);
    ProcessList processes = new ProcessList(proc);
    owners = new SocketOwners(root, processes, SocketOwners.Pace.USUAL, limits);
    namespaces = new Namespaces(NAME, processes, opener);
    builder = new ListenerBuilder(NAME, root, owners);
    families = new FamilySockets(proc.another());
    otherSockets = new OtherSocketBuilder(owners, builder::whyNoOwner);
    redirects = new RedirectFinder(NAME, root, opener);
    programs = new BpfPrograms(NAME, proc.another());
    ends = new EndSocketOpener(opener);
    held = owners::isHeld;
    members = namespaces::members;
    familyPrograms = families::programs;
  }

  /**
   * Returns a source for the running host.
   *
   * @throws LinkageError if this machine has no supported C library, or JNA cannot be loaded
   */
  public static LinuxSource ofHost() {
    return ofHost(SocketOwners.Limits.USUAL);
  }

  /** Returns a source for the running host whose search for owners has these limits. */
  static LinuxSource ofHost(SocketOwners.Limits limits) {
    Path root = Path.of("/");
    return new LinuxSource(root, new NamespaceEntry(NAME, root), limits);
  }

  /**
   * Returns a source for a captured host.
   *
   * @param root a folder with {@code proc}, {@code etc/passwd} and {@code run/netns}
   */
  public static LinuxSource ofCaptured(Path root) {
    return new LinuxSource(root, new CapturedTables(NAME, root));
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Sets the facts that the next scans collect about every owner. */
  public void ask(Set<OwnerFact> facts) {
    requestedFacts = Set.copyOf(facts);
  }

  @Override
  public View look() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      return lookLocked();
    } finally {
      lock.unlock();
    }
  }

  private View lookLocked() throws InterruptedException {
    Duration began = Ticker.SYSTEM.elapsed();
    List<Gap> gaps = new ArrayList<>();
    boolean changed = listMayBeStale;
    listMayBeStale = true;
    namespaces.refresh(gaps, held);
    changed |= namespaces.changed();
    if (changed) {
      names = namesByInode();
    }
    Map<NetworkNamespace, ListenerBuilder.Part> parts = new LinkedHashMap<>();
    boolean everything = openings.takeChangedElsewhere() || changed;
    changed |= listing.list(namespaces, everything, parts, gaps);
    boolean othersChanged = families.look(namespaces.all(), namespaces.sinceLastLook()) || changed;
    lookUps = 0;
    owners.ask(requestedFacts);
    owners.follows(namespaces.lookedSoon());
    findOwners(othersChanged);
    boolean namespacesChanged = namespaces.changed();
    // The search may have passed namespaces that only a descriptor keeps.
    if (namespaces.add(owners.takeNamespaces())) {
      changed = true;
      othersChanged = true;
      namespacesChanged = true;
      listing.list(namespaces, everything, parts, gaps);
      families.look(namespaces.all(), Duration.ZERO);
      findOwners(true);
    }
    WalkFinds finds = owners.finds();
    if (families.add(finds, namespaces.all())) {
      othersChanged = true;
      findOwners(true);
    }
    namespaces.addUnseen(gaps);
    List<Listener> listeners =
        redirects.addTo(
            builder.of(parts.values(), changed),
            namespaces.all(),
            namespacesChanged,
            namespaces.sinceLastLook());
    OtherSockets others = otherSockets.of(parts.values(), families, othersChanged);
    listMayBeStale = false;
    ends.open(namespaces.all());
    gaps.addAll(others.gaps(NAME));
    gaps.addAll(programs.look(finds.programs(), familyPrograms));
    gaps.addAll(builder.gaps());
    gaps.addAll(redirects.gaps(namespaces.all()));
    gaps.addAll(owners.unlisted().look(NAME, members));
    gaps.addAll(missingOpenings(parts.values(), changed, began, List.copyOf(gaps)));
    boolean complete = gaps.stream().noneMatch(Gap::hidesListeners);
    return new View(NAME, complete, listeners, gaps, others, limits(others));
  }

  /** Returns the gaps of listeners that events report and no table lists. */
  private List<Gap> missingOpenings(
      Collection<ListenerBuilder.Part> parts, boolean changed, Duration began, List<Gap> gaps) {
    if (!changed && !openings.areWaiting()) {
      return List.of();
    }
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

  private List<String> limits(OtherSockets others) {
    List<String> limits = new ArrayList<>(others.limits());
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

  /** Returns the sockets for the ends of sockets in other network namespaces. */
  public NamespaceEnds ends() {
    return ends.sockets();
  }

  /** Returns the listeners that events report and scans do not show. */
  public UnlistedOpenings unlistedOpenings() {
    return openings;
  }

  /**
   * Searches for owners. What has no owner is checked again, because the search takes some time.
   */
  private void findOwners(boolean changed) throws InterruptedException {
    for (HeldSocket socket : owners.refresh(changed ? sockets() : null, goneSince)) {
      if (hasGone(socket)) {
        owners.forget(socket);
      }
    }
  }

  /**
   * Returns the sockets of all namespaces, including those that cannot be read now, so that their
   * owners stay known.
   */
  private List<HeldSocket> sockets() {
    List<HeldSocket> all = new ArrayList<>();
    namespaces.all().forEach(namespace -> all.addAll(namespace.tables().sockets()));
    all.addAll(families.sockets());
    return all;
  }

  /**
   * Returns true if the socket has closed since it was listed. Under load this is true of most
   * sockets without an owner.
   */
  private boolean hasGone(HeldSocket socket) {
    return socket instanceof KernelSocket known
        && lookUps++ < MAX_LOOKUPS
        && namespaces.all().stream().anyMatch(namespace -> namespace.tables().hasGone(known));
  }

  /** Returns the names of the network namespaces that were known in the last scan. */
  public List<String> namespaces() {
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
  public Map<Long, String> namespaceNames() {
    return names;
  }

  /** Returns the files under /run/netns that were no network namespaces in the last scan. */
  public List<String> strays() {
    lock.lock();
    try {
      return namespaces.strays();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the reason why the rulesets of firewalls cannot be read; empty if they can. */
  public String rulesetLimit() {
    lock.lock();
    try {
      return redirects.limit();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a running scan, but only briefly, so that a blocked call does not stop the exit. */
  @Override
  public void close() {
    try {
      if (lock.tryLock(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        namespaces.close();
        redirects.close();
        owners.close();
        mount.close();
        lock.unlock();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
