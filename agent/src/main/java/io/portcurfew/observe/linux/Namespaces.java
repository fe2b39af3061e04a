package io.portcurfew.observe.linux;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.observe.linux.owner.NamespaceDescriptors;
import io.portcurfew.observe.linux.proc.HostTree;
import io.portcurfew.observe.linux.proc.NamespaceMounts;
import io.portcurfew.observe.linux.proc.ProcCovers;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcText;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.observe.linux.proc.ProcessList;
import io.portcurfew.observe.linux.proc.ThreadList;
import io.portcurfew.process.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the network namespaces of the host: the agent's own, those of processes and threads, those
 * that are bound to a name under /run/netns, and those that a mount or a descriptor keeps. All
 * processes are checked again and again, because a process can change its namespace at any time.
 */
final class Namespaces implements AutoCloseable {

  /** The number of known processes that are checked in one look, each in 2 µs. */
  private static final int CHECKED_PER_LOOK = 2_048;

  /** The same if the last look was a moment ago, so that frequent looks stay cheap. */
  private static final int CHECKED_SOON = 32;

  private static final Duration SOON = Duration.ofSeconds(5);

  /** The number of looks from one pass through the mounts to the next. */
  private static final int LOOKS_PER_MOUNTS = 16;

  /** Replaces the inode of the agent's own namespace while it cannot be read. */
  private static final long UNKNOWN = 0;

  private final ProcessList processes;
  private final ProcFs proc;
  private final HostTree tree;
  private final NamedNamespaces named;
  private final NetworkNamespace.Opener opener;
  private final String source;
  private final Map<Long, NetworkNamespace> known = new LinkedHashMap<>();
  private BitSet pids = new BitSet();
  private final NamespaceShares shares;
  private List<String> strays = List.of();
  private final NamespaceLinks links;
  private final ThreadTurns threads;
  private final NamespaceMounts mounts;
  private final Set<Long> withMember = new HashSet<>();
  private int cursor = -1;
  private @Nullable Duration lastLook;
  private Duration sinceLastLook = SOON;
  private int looks;
  private List<Gap> covers = List.of();
  private boolean changed;

  Namespaces(String source, Path root, ProcessList processes, NetworkNamespace.Opener opener) {
    this.processes = processes;
    this.source = source;
    this.proc = new ProcFs(root);
    this.tree = HostTree.watching(proc);
    this.named = new NamedNamespaces(source, proc, tree);
    this.opener = opener;
    this.shares = new NamespaceShares(source);
    this.links = new NamespaceLinks(source, proc);
    this.threads = new ThreadTurns(new ThreadList(proc));
    this.mounts = new NamespaceMounts(proc);
  }

  Collection<NetworkNamespace> all() {
    return known.values();
  }

  /** Returns one process in each namespace but the agent's own, where one is known. */
  int[] members() {
    return known.values().stream()
        .filter(namespace -> !namespace.isHost())
        .map(NetworkNamespace::member)
        .filter(Objects::nonNull)
        .mapToInt(ProcessFolder::pid)
        .toArray();
  }

  /** Returns true if the last {@link #refresh} changed a namespace or its name. */
  boolean changed() {
    return changed;
  }

  /** Returns the time between the last {@link #refresh} and the one before. */
  Duration sinceLastLook() {
    return sinceLastLook;
  }

  /** Returns true if the look before the last {@link #refresh} was a moment ago. */
  boolean lookedSoon() {
    return sinceLastLook.compareTo(SOON) < 0;
  }

  /** Returns the limit of sockets for each namespace. */
  RowBound bound() {
    int ofRoot = (int) known.values().stream().filter(NetworkNamespace::isOfRoot).count();
    return new RowBound(ofRoot - 1, known.size() - ofRoot);
  }

  /**
   * Adds new namespaces and removes those that no longer exist.
   *
   * @param isHeld returns true if a process is known to hold this socket
   */
  void refresh(List<Gap> gaps, Predicate<KernelSocket> isHeld) {
    changed = false;
    findOwn();
    tree.beginLook();
    NamedNamespaces.Found found = named.look(known::containsKey);
    gaps.addAll(found.gaps());
    strays = List.copyOf(found.strays());
    bind(found);
    shares.rest(known.values()).forEach(this::remove);
    checkProcesses();
    removeGone(isHeld);
    if (changed) {
      NamespaceNames.give(known.values());
    }
  }

  /** Updates the names; a namespace keeps its name if a file could not be identified now. */
  private void bind(NamedNamespaces.Found found) {
    found.byInode().forEach((inode, name) -> add(inode, null, name));
    if (!found.mayLack()) {
      known.values().stream()
          .filter(namespace -> !found.byInode().containsKey(namespace.inode()))
          .forEach(namespace -> changed |= namespace.bind(null));
    }
  }

  /** Returns the files under /run/netns that are no network namespaces. */
  List<String> strays() {
    return strays;
  }

  /** Adds gaps for namespaces that may be missing; call it after the namespaces were scanned. */
  void addUnseen(List<Gap> gaps) {
    gaps.addAll(shares.gaps());
    if (processes.failure() != 0) {
      gaps.add(
          new Gap(
              source,
              Gap.What.NAMESPACE,
              "the processes and their network namespaces cannot be listed: "
                  + Errno.describe(processes.failure())));
    } else if (!pids.get(1)) {
      gaps.add(
          new Gap(
              source,
              Gap.What.NAMESPACE,
              "the processes of other users are hidden (hidepid of /proc), and with them their"
                  + " network namespaces",
              Gap.Cause.PROCESSES_HIDDEN));
    }
    gaps.addAll(links.gaps(pids, known.values()));
    gaps.addAll(covers);
  }

  /** Finds the agent's own namespace, and tries again if it could not be identified. */
  private void findOwn() {
    if (!known.isEmpty() && !known.containsKey(UNKNOWN)) {
      return;
    }
    ProcessFolder agent = proc.self();
    // In a capture there is no agent process; process 1 is in the initial namespace.
    ProcessFolder self = agent != null ? agent : proc.process(1);
    Long inode = self == null ? null : namespaceOf(self);
    if (known.containsKey(UNKNOWN) && inode == null) {
      if (self != null) {
        self.close();
      }
      return;
    }
    // A namespace that was added meanwhile may be the same one with another number.
    close();
    long number = inode == null ? UNKNOWN : inode;
    known.put(number, NetworkNamespace.host(number, self, opener));
    changed = true;
  }

  private static @Nullable Long namespaceOf(ProcessFolder process) {
    byte[] link = process.link("ns/net");
    return link == null ? null : ProcText.namespaceInode(link);
  }

  private void checkProcesses() {
    withMember.clear();
    processes.refresh();
    // Oldest first, because the oldest process names its namespace.
    int[] arrived = processes.arrivedSince(pids);
    for (int i = arrived.length - 1; i >= 0; i--) {
      check(arrived[i]);
    }
    pids = processes.pids();
    checkNext();
    threads.ask(pids, lookedSoon(), this::check);
    if (looks++ % LOOKS_PER_MOUNTS == 0 && !proc.isCaptured()) {
      mounts.read(pids).forEach(this::addMounted);
      covers = ProcCoverGaps.of(source, ProcCovers.read(proc));
    }
  }

  /** Checks the next processes; at the usual interval those of an ordinary host in one look. */
  private void checkNext() {
    Duration now = Ticker.SYSTEM.elapsed();
    sinceLastLook = lastLook == null ? SOON : now.minus(lastLook);
    lastLook = now;
    int most = lookedSoon() ? CHECKED_SOON : CHECKED_PER_LOOK;
    for (int i = Math.min(most, pids.cardinality()); i > 0; i--) {
      int next = pids.nextSetBit(cursor + 1);
      if (next < 0) {
        shares.beginRound();
        next = pids.nextSetBit(0);
      }
      cursor = next;
      check(cursor);
    }
  }

  private void check(int id) {
    Long inode = links.of(id);
    NetworkNamespace namespace = inode == null ? null : known.get(inode);
    if (inode == null || (namespace != null && hasMember(namespace))) {
      return;
    }
    ProcessFolder process = proc.process(id);
    // Checked again through its folder, because the id may be reused by now.
    if (process != null && (!inode.equals(namespaceOf(process)) || !add(inode, process, null))) {
      process.close();
    }
  }

  /** Returns true if a known process is in the namespace, which is checked once in each look. */
  private boolean hasMember(NetworkNamespace namespace) {
    return withMember.contains(namespace.inode())
        || (!namespace.wantsMember() && withMember.add(namespace.inode()));
  }

  private void addMounted(long inode, NamespaceMounts.Mount mount) {
    keep(inode, new MountKeeper(proc, mount.pid(), mount.path()));
  }

  /**
   * Adds the namespaces that only a descriptor keeps.
   *
   * @return true if one of them was not known
   */
  boolean add(List<NamespaceDescriptors.Found> found) {
    boolean added = false;
    for (NamespaceDescriptors.Found one : found) {
      ProcessFolder holder = needsKeeper(one.inode()) ? proc.process(one.pid()) : null;
      if (holder != null) {
        added |= keep(one.inode(), new DescriptorKeeper(holder, one.descriptor(), one.isSocket()));
      }
    }
    if (added) {
      NamespaceNames.give(known.values());
    }
    return added;
  }

  private boolean needsKeeper(long inode) {
    NetworkNamespace namespace = known.get(inode);
    return namespace == null || (namespace.keeper() == null && namespace.isOrphan());
  }

  /** Records what keeps a namespace; returns true if the namespace was not known. */
  private boolean keep(long inode, NamespaceKeeper keeper) {
    if (!needsKeeper(inode) || !keeper.keeps(inode)) {
      keeper.close();
      return false;
    }
    NetworkNamespace namespace = known.get(inode);
    boolean isNew = namespace == null;
    if (namespace == null) {
      long owner = owner(keeper);
      if (!shares.admits(inode, owner, known.values())) {
        keeper.close();
        return false;
      }
      namespace = NetworkNamespace.other(inode, null, null, owner, opener);
      known.put(inode, namespace);
      changed = true;
    }
    namespace.keep(keeper);
    return isNew;
  }

  private long owner(NamespaceKeeper keeper) {
    try {
      return ownerOf(keeper.open());
    } catch (KernelException cannotBeOpened) {
      return UserGroup.UNKNOWN;
    }
  }

  /** Adds or updates a namespace and returns true if it now owns the process folder. */
  private boolean add(long inode, @Nullable ProcessFolder member, @Nullable String boundAs) {
    NetworkNamespace namespace = known.get(inode);
    if (namespace != null) {
      changed |= boundAs != null && namespace.bind(boundAs);
      boolean taken = member != null && namespace.join(member);
      changed |= taken;
      return taken;
    }
    // Only root can bind a namespace to a name there.
    long owner = boundAs != null ? UserGroup.ROOT : owner(member);
    if (!shares.admits(inode, owner, known.values())) {
      return false;
    }
    known.put(inode, NetworkNamespace.other(inode, member, boundAs, owner, opener));
    changed = true;
    return member != null;
  }

  /**
   * Removes namespaces that no longer exist. A socket keeps its namespace alive, even if a process
   * of another namespace holds it.
   */
  private void removeGone(Predicate<KernelSocket> isHeld) {
    List<NetworkNamespace> orphans =
        known.values().stream().filter(NetworkNamespace::isOrphan).toList();
    if (orphans.stream().filter(NetworkNamespace::startSearch).count() > 0) {
      // Another process may still be in it, so all are checked before it is removed.
      pids.stream().forEach(this::check);
    }
    orphans.stream()
        .filter(NetworkNamespace::isOrphan)
        .filter(namespace -> !namespace.tables().hasSockets(isHeld))
        .forEach(this::remove);
  }

  private long owner(@Nullable ProcessFolder member) {
    return ownerOf(member == null ? -1 : member.open("ns/net"));
  }

  private long ownerOf(int fd) {
    Long uid = fd < 0 ? null : proc.namespaceOwner(fd);
    proc.close(fd);
    return uid == null ? UserGroup.UNKNOWN : UserGroup.of(uid);
  }

  private void remove(NetworkNamespace namespace) {
    known.remove(namespace.inode());
    namespace.close();
    changed = true;
  }

  @Override
  public void close() {
    known.values().forEach(NetworkNamespace::close);
    known.clear();
    tree.close();
  }
}
