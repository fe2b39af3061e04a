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
 * The network namespaces of the host: the agent's own, those of processes, and those that are bound
 * to a name under /run/netns. New processes are asked as they appear, the others in turns, because
 * a process may change its namespace at any time.
 */
final class Namespaces implements AutoCloseable {

  /** How many of the known processes are asked in one look. */
  private static final int ASKED_IN_TURN = 16;

  /** About 10,000 rows; any process may have as many. */
  private static final int MOST_OF_NETLINK = 1 << 20;

  /** What stands for the inode of our own while it cannot be read. */
  private static final long UNKNOWN = 0;

  private final ProcessList processes;
  private final ProcFs proc;
  private final HostTree tree;
  private final NamedNamespaces named;
  private final NetworkNamespace.Opener opener;
  private final String source;
  private final Map<Long, NetworkNamespace> known = new LinkedHashMap<>();
  private final Deque<Integer> toAsk = new ArrayDeque<>();
  private BitSet pids = new BitSet();
  private final BitSet unreadable = new BitSet();
  private final NamespaceShares shares;
  private List<String> strays = List.of();
  private int unforeseen;
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

  /** Whether one has come or gone in the last {@link #refresh}. */
  boolean changed() {
    return changed;
  }

  /** How many sockets are kept of each. */
  RowBound bound() {
    int ofRoot = (int) known.values().stream().filter(NetworkNamespace::isOfRoot).count();
    return new RowBound(ofRoot - 1, known.size() - ofRoot);
  }

  /**
   * Finds those that have come and leaves those that have gone.
   *
   * @param isHeld whether a process is known to hold this socket
   */
  void refresh(List<Gap> gaps, Predicate<KernelSocket> isHeld) {
    changed = false;
    own();
    tree.beginLook();
    NamedNamespaces.Found found = named.look(known::containsKey);
    gaps.addAll(found.gaps());
    strays = List.copyOf(found.strays());
    bind(found);
    shares.rest(known.values()).forEach(this::leave);
    askProcesses();
    leaveGone(isHeld);
    if (changed) {
      NamespaceNames.give(known.values());
    }
  }

  /** What may be bound to a name that could not be identified now stays bound to it. */
  private void bind(NamedNamespaces.Found found) {
    found.byInode().forEach((inode, name) -> note(inode, null, name));
    if (!found.mayLack()) {
      known.values().stream()
          .filter(namespace -> !found.byInode().containsKey(namespace.inode()))
          .forEach(namespace -> changed |= namespace.bind(null));
    }
  }

  /** The files under /run/netns that are no network namespaces. */
  List<String> strays() {
    return strays;
  }

  /** Adds what may have been missed; to be called after the namespaces were looked at. */
  void addUnseen(List<Gap> gaps) {
    settleUnreadable();
    gaps.addAll(shares.gaps());
    if (processes.failure() != 0) {
      gaps.add(
          new Gap(
              source,
              Gap.What.NAMESPACE,
              "the processes cannot be listed, and so not the network namespaces that they are in: "
                  + Errno.describe(processes.failure())));
    } else if (!pids.get(1)) {
      gaps.add(
          new Gap(
              source,
              Gap.What.NAMESPACE,
              "the processes of other users are hidden (hidepid of /proc), and so are the network"
                  + " namespaces that they are in",
              Gap.Cause.PROCESSES_HIDDEN));
    }
    if (!unreadable.isEmpty()) {
      gaps.add(
          new Gap(
              source,
              Gap.What.NAMESPACE,
              "cannot see in which network namespace "
                  + unreadable.cardinality()
                  + (unforeseen == 0
                      ? " processes are: no right (it takes CAP_SYS_PTRACE)"
                      : " processes are: " + Errno.describe(unforeseen)),
              Gap.Cause.PROCESSES_CLOSED));
    }
  }

  /** Who may not be asked may still be known to be where we have a socket of our own. */
  private void settleUnreadable() {
    unreadable.and(pids);
    BitSet asked = (BitSet) unreadable.clone();
    asked.stream()
        .filter(
            pid -> {
              byte[] table = proc.readWhole("proc/" + pid + "/net/netlink", MOST_OF_NETLINK);
              Set<Long> inodes = table == null ? Set.of() : ProcText.netlinkInodes(table);
              return known.values().stream().anyMatch(one -> one.isMarkedIn(inodes));
            })
        .forEach(unreadable::clear);
  }

  /** Finds our own; asked again where it could not be identified. */
  private void own() {
    if (!known.isEmpty() && !known.containsKey(UNKNOWN)) {
      return;
    }
    ProcessFolder ourselves = proc.self();
    // A captured host has no process of ours; its first one is in its first namespace.
    ProcessFolder self = ourselves != null ? ourselves : proc.process(1);
    Long inode = self == null ? null : namespaceOf(self);
    if (known.containsKey(UNKNOWN) && inode == null) {
      if (self != null) {
        self.close();
      }
      return;
    }
    // What was noted meanwhile may be the same one under another name.
    close();
    long number = inode == null ? UNKNOWN : inode;
    known.put(number, NetworkNamespace.host(number, self, opener));
    changed = true;
  }

  private static @Nullable Long namespaceOf(ProcessFolder process) {
    byte[] link = process.link("ns/net");
    return link == null ? null : ProcText.namespaceInode(link);
  }

  private void askProcesses() {
    processes.refresh();
    // The oldest first: it names a namespace, whoever looks.
    int[] arrived = processes.arrivedSince(pids);
    for (int i = arrived.length - 1; i >= 0; i--) {
      ask(arrived[i]);
    }
    pids = processes.pids();
    if (toAsk.isEmpty()) {
      pids.stream().forEach(toAsk::add);
      shares.beginRound();
    }
    for (int i = 0; i < ASKED_IN_TURN && !toAsk.isEmpty(); i++) {
      ask(toAsk.remove());
    }
  }

  private void ask(int pid) {
    byte[] link = proc.link("proc/" + pid + "/ns/net");
    boolean refused = link == null && !Refusal.PROCESS.is(proc.error());
    unreadable.set(pid, refused);
    if (refused && proc.error() != Errno.EACCES) {
      unforeseen = proc.error();
    }
    Long inode = link == null ? null : ProcText.namespaceInode(link);
    if (inode == null || (known.containsKey(inode) && !known.get(inode).wantsMember())) {
      return;
    }
    ProcessFolder process = proc.process(pid);
    // Asked again through its folder: the number may mean another process by now.
    if (process != null && (!inode.equals(namespaceOf(process)) || !note(inode, process, null))) {
      process.close();
    }
  }

  /** Takes note of a namespace; whether it took the process over. */
  private boolean note(long inode, @Nullable ProcessFolder member, @Nullable String boundAs) {
    NetworkNamespace namespace = known.get(inode);
    if (namespace != null) {
      changed |= boundAs != null && namespace.bind(boundAs);
      boolean joined = member != null && namespace.join(member);
      changed |= joined;
      return joined;
    }
    // Only root may bind one to a name there.
    long owner = boundAs != null ? UserGroup.ROOT : owner(member);
    if (!shares.admits(inode, owner, known.values())) {
      return false;
    }
    known.put(inode, NetworkNamespace.other(inode, member, boundAs, owner, opener));
    changed = true;
    return member != null;
  }

  /** A process of another namespace may hold a socket, and that socket keeps its namespace. */
  private void leaveGone(Predicate<KernelSocket> isHeld) {
    List<NetworkNamespace> orphans =
        known.values().stream().filter(NetworkNamespace::isOrphan).toList();
    if (orphans.stream().filter(NetworkNamespace::startSearch).count() > 0) {
      // Another process may be in it still: all are asked before it is left.
      pids.stream().forEach(this::ask);
    }
    orphans.stream()
        .filter(NetworkNamespace::isOrphan)
        .filter(namespace -> !namespace.hasSockets(isHeld))
        .forEach(this::leave);
  }

  private long owner(@Nullable ProcessFolder member) {
    int fd = member == null ? -1 : member.open("ns/net");
    Long uid = fd < 0 ? null : proc.namespaceOwner(fd);
    proc.close(fd);
    return uid == null ? UserGroup.UNKNOWN : UserGroup.of(uid);
  }

  private void leave(NetworkNamespace namespace) {
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
