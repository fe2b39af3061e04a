package io.portcurfew.observe.linux;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.observe.linux.proc.HostTree;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcText;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.observe.linux.proc.ProcessList;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the network namespaces of the host: the agent's own, those of processes, and those that are
 * bound to a name under /run/netns. New processes are checked when they appear. The others are
 * checked in rotation, because a process can change its namespace at any time.
 */
final class Namespaces implements AutoCloseable {

  /** The number of known processes that are checked in one scan. */
  private static final int CHECKED_PER_SCAN = 16;

  /** The size limit in bytes of a netlink table, about 10,000 rows. */
  private static final int MAX_NETLINK_BYTES = 1 << 20;

  /** Replaces the inode of the agent's own namespace while it cannot be read. */
  private static final long UNKNOWN = 0;

  private final ProcessList processes;
  private final ProcFs proc;
  private final HostTree tree;
  private final NamedNamespaces named;
  private final NetworkNamespace.Opener opener;
  private final String source;
  private final Map<Long, NetworkNamespace> known = new LinkedHashMap<>();
  private final Deque<Integer> toCheck = new ArrayDeque<>();
  private BitSet pids = new BitSet();
  private final BitSet unreadable = new BitSet();
  private final NamespaceShares shares;
  private List<String> strays = List.of();
  private int unexpectedErrno;
  private boolean changed;

  Namespaces(String source, Path root, ProcessList processes, NetworkNamespace.Opener opener) {
    this.processes = processes;
    this.source = source;
    this.proc = new ProcFs(root);
    this.tree = new HostTree(proc);
    this.named = new NamedNamespaces(source, proc, tree);
    this.opener = opener;
    this.shares = new NamespaceShares(source);
  }

  Collection<NetworkNamespace> all() {
    return known.values();
  }

  /** Returns true if the last {@link #refresh} changed a namespace or its name. */
  boolean changed() {
    return changed;
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
    resolveUnreadable();
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
    if (!unreadable.isEmpty()) {
      gaps.add(
          new Gap(
              source,
              Gap.What.NAMESPACE,
              "cannot see in which network namespace "
                  + unreadable.cardinality()
                  + (unexpectedErrno == 0
                      ? " processes are: no right (this needs CAP_SYS_PTRACE)"
                      : " processes are: " + Errno.describe(unexpectedErrno)),
              Gap.Cause.PROCESSES_CLOSED));
    }
  }

  /** Clears unreadable processes whose netlink table shows that their namespace is known. */
  private void resolveUnreadable() {
    unreadable.and(pids);
    BitSet unresolved = (BitSet) unreadable.clone();
    unresolved.stream()
        .filter(
            pid -> {
              byte[] table = proc.readWhole("proc/" + pid + "/net/netlink", MAX_NETLINK_BYTES);
              Set<Long> inodes = table == null ? Set.of() : ProcText.netlinkInodes(table);
              return known.values().stream().anyMatch(namespace -> namespace.isMarkedIn(inodes));
            })
        .forEach(unreadable::clear);
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
    processes.refresh();
    // Oldest first, because the oldest process names its namespace.
    int[] arrived = processes.arrivedSince(pids);
    for (int i = arrived.length - 1; i >= 0; i--) {
      check(arrived[i]);
    }
    pids = processes.pids();
    if (toCheck.isEmpty()) {
      pids.stream().forEach(toCheck::add);
      shares.beginRound();
    }
    for (int i = 0; i < CHECKED_PER_SCAN && !toCheck.isEmpty(); i++) {
      check(toCheck.remove());
    }
  }

  private void check(int pid) {
    byte[] link = proc.link("proc/" + pid + "/ns/net");
    boolean refused = link == null && !Refusal.PROCESS.is(proc.error());
    unreadable.set(pid, refused);
    if (refused && proc.error() != Errno.EACCES) {
      unexpectedErrno = proc.error();
    }
    Long inode = link == null ? null : ProcText.namespaceInode(link);
    if (inode == null || (known.containsKey(inode) && !known.get(inode).wantsMember())) {
      return;
    }
    ProcessFolder process = proc.process(pid);
    // Checked again through its folder, because the pid may be reused by now.
    if (process != null && (!inode.equals(namespaceOf(process)) || !add(inode, process, null))) {
      process.close();
    }
  }

  /** Adds or updates a namespace and returns true if it now owns the process folder. */
  private boolean add(long inode, @Nullable ProcessFolder member, @Nullable String boundAs) {
    NetworkNamespace namespace = known.get(inode);
    if (namespace != null) {
      changed |= boundAs != null && namespace.bind(boundAs);
      boolean joined = member != null && namespace.join(member);
      changed |= joined;
      return joined;
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
        .filter(namespace -> !namespace.hasSockets(isHeld))
        .forEach(this::remove);
  }

  private long owner(@Nullable ProcessFolder member) {
    int fd = member == null ? -1 : member.open("ns/net");
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
  }
}
