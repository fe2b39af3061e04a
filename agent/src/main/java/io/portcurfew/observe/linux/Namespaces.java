package io.portcurfew.observe.linux;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
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

  private final Path root;
  private final ProcessList processes;
  private final ProcFs proc;
  private final NetworkNamespace.Opener opener;
  private final String source;
  private final Map<Long, NetworkNamespace> known = new LinkedHashMap<>();
  private final Deque<Integer> toAsk = new ArrayDeque<>();
  private BitSet pids = new BitSet();
  private final BitSet unreadable = new BitSet();
  private final Set<Long> tooMany = new HashSet<>();
  private boolean changed;

  Namespaces(String source, Path root, ProcessList processes, NetworkNamespace.Opener opener) {
    this.processes = processes;
    this.source = source;
    this.root = root;
    this.proc = new ProcFs(root);
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
    if (known.isEmpty()) {
      own();
    }
    Map<Long, Path> bound = bound(gaps);
    bound.forEach((inode, path) -> note(inode, null, path));
    askProcesses();
    leaveGone(bound.keySet());
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
    if (!pids.get(1)) {
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
              "no right to see in which network namespace "
                  + unreadable.cardinality()
                  + " processes are (it takes CAP_SYS_PTRACE)",
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

  private void own() {
    ProcessFolder ourselves = proc.self();
    // A captured host has no process of ours; its first one is in its first namespace.
    ProcessFolder self = ourselves != null ? ourselves : proc.process(1);
    Long inode = self == null ? null : namespaceOf(self);
    long number = inode == null ? 0 : inode;
    known.put(number, new NetworkNamespace(Endpoint.HOST, number, self, null, opener));
    changed = true;
  }

  private static @Nullable Long namespaceOf(ProcessFolder process) {
    byte[] link = process.link("ns/net");
    return link == null ? null : ProcText.namespaceInode(link);
  }

  private Map<Long, Path> bound(List<Gap> gaps) {
    Map<Long, Path> bound = new HashMap<>();
    Path folder = root.resolve("run/netns");
    try (DirectoryStream<Path> names = Files.newDirectoryStream(folder)) {
      for (Path name : names) {
        ProcFs.FileId file =
            proc.fileAtHand(("/run/netns/" + name.getFileName()).getBytes(StandardCharsets.UTF_8));
        if (file != null) {
          bound.putIfAbsent(file.inode(), name);
        }
      }
    } catch (NoSuchFileException none) {
      return bound;
    } catch (IOException e) {
      gaps.add(
          new Gap(
              source,
              Gap.What.NAMESPACE,
              "the named network namespaces cannot be listed: " + HostText.of(e.toString())));
    }
    return bound;
  }

  private void askProcesses() {
    processes.refresh();
    for (int pid : processes.arrivedSince(pids)) {
      ask(pid);
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
    unreadable.set(pid, link == null && proc.error() == Errno.EACCES);
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
  private boolean note(long inode, @Nullable ProcessFolder member, @Nullable Path path) {
    NetworkNamespace namespace = known.get(inode);
    if (namespace != null) {
      namespace.bind(path);
      return member != null && namespace.join(member);
    }
    if (known.size() >= MOST) {
      tooMany.add(inode);
      return false;
    }
    known.put(inode, new NetworkNamespace(label(inode, member, path), inode, member, path, opener));
    changed = true;
    return member != null;
  }

  /** The name under /run/netns, the container, the unit, or the inode: the first that is known. */
  private String label(long inode, @Nullable ProcessFolder member, @Nullable Path path) {
    String number = "net:[" + inode + "]";
    String label = number;
    if (path != null) {
      label = HostText.of(String.valueOf(path.getFileName()), 64).toString();
    } else if (member != null) {
      byte[] raw = member.read("cgroup", 16 * 1024);
      Cgroup group = raw == null ? Cgroup.NONE : Cgroup.parse(raw);
      HostText name = group.container() != null ? group.container() : group.unit();
      label = name == null ? number : name.toString();
    }
    String wanted = label;
    boolean taken = known.values().stream().anyMatch(other -> other.name().equals(wanted));
    return taken ? label + " " + number : label;
  }

  private void leaveGone(Set<Long> bound) {
    Iterator<NetworkNamespace> all = known.values().iterator();
    List<NetworkNamespace> orphans = new ArrayList<>(0);
    while (all.hasNext()) {
      NetworkNamespace namespace = all.next();
      namespace.unbindUnless(bound.contains(namespace.inode()));
      if (namespace.isOrphan()) {
        orphans.add(namespace);
      }
    }
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
