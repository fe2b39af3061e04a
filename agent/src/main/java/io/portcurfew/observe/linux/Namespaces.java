package io.portcurfew.observe.linux;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.Refusal;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The network namespaces of the host: the agent's own, those of processes, and those that are bound
 * to a name under /run/netns. New processes are asked as they appear, the others in turns, because
 * a process may change its namespace at any time.
 */
final class Namespaces implements AutoCloseable {

  /** An unprivileged user may make as many as user.max_net_namespaces; we look into so many. */
  static final int MOST = 256;

  /** How many of the known processes are asked in one look. */
  private static final int ASKED_IN_TURN = 16;

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
  private final Set<Long> tooMany = new HashSet<>();
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
  }

  Collection<NetworkNamespace> all() {
    return known.values();
  }

  /** Whether one has come or gone in the last {@link #refresh}. */
  boolean changed() {
    return changed;
  }

  /** Finds those that have come and leaves those that have gone. */
  void refresh(List<Gap> gaps) {
    changed = false;
    own();
    tree.beginLook();
    NamedNamespaces.Found found = named.look(known::containsKey);
    gaps.addAll(found.gaps());
    strays = List.copyOf(found.strays());
    bind(found);
    askProcesses();
    leaveGone();
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

  /** Tells what may have been missed; to be called after the namespaces were looked at. */
  void tellUnseen(List<Gap> gaps) {
    settleUnreadable();
    if (!tooMany.isEmpty()) {
      gaps.add(
          new Gap(
              source,
              Gap.What.NAMESPACE,
              tooMany.size() + " network namespaces beyond " + MOST + " are not looked into"));
      tooMany.removeIf(inode -> known.size() < MOST);
    }
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
              byte[] table = proc.read("proc/" + pid + "/net/netlink");
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
    if (known.size() >= MOST) {
      tooMany.add(inode);
      return false;
    }
    known.put(inode, NetworkNamespace.other(inode, member, boundAs, opener));
    changed = true;
    return member != null;
  }

  private void leaveGone() {
    List<NetworkNamespace> orphans =
        known.values().stream().filter(NetworkNamespace::isOrphan).toList();
    if (!orphans.isEmpty()) {
      // Another process may be in it still: all are asked before it is left.
      pids.stream().forEach(this::ask);
      orphans.stream().filter(NetworkNamespace::isOrphan).forEach(this::leave);
    }
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
