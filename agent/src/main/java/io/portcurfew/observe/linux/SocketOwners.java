package io.portcurfew.observe.linux;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which socket, remembered from look to look.
 *
 * <p>Inodes of sockets are numbers of the whole host, so one memory serves every network namespace.
 * A socket that is new is searched for, first where it is likely. What is known is proven: at every
 * look that no owner has ended; in turns, so that the cost stays small, that each still runs the
 * same file and still has the socket at that descriptor. New processes are looked through as they
 * appear, the others in turns too: so a descriptor that was handed over is found.
 */
final class SocketOwners implements AutoCloseable {

  /** How much is proven in one look. */
  record Pace(int processesProven, int descriptorsProven, int newProcesses, int descriptorsWalked) {
    /** Every owner of an ordinary host in every look, and 0.5 ms of CPU at most on a large one. */
    static final Pace USUAL = new Pace(64, 128, 64, 64);
  }

  /** Counts changes. */
  static final class Version {
    private long value;

    void bump() {
      value++;
    }

    long value() {
      return value;
    }
  }

  private final ProcessList processes;
  private final ProcFs proc;
  private final OwnerReader reader;
  private final Pace pace;
  private final Version version = new Version();
  private final Endings endings = new Endings();
  private final Map<Long, SocketHolders> byInode = new HashMap<>();
  private final Map<Integer, HeldProcess> held = new LinkedHashMap<>();
  private final Deque<HeldProcess> toProve = new ArrayDeque<>();
  private final Deque<Integer> toWalk = new ArrayDeque<>();
  private BitSet knownPids = new BitSet();
  private BitSet refused = new BitSet();
  private int look;

  SocketOwners(Path root, ProcessList processes, Pace pace) {
    this.processes = processes;
    proc = new ProcFs(root);
    reader = new OwnerReader(root, proc);
    this.pace = pace;
  }

  /** Changes whenever an owner does. */
  long version() {
    return version.value();
  }

  /** How many processes do not let us see their descriptors. */
  int refusedProcesses() {
    return refused.cardinality();
  }

  /** The holders of a socket that {@link #refresh} was told of. */
  @Nullable SocketHolders of(KernelSocket socket) {
    return byInode.get(socket.inode());
  }

  /** Brings the memory up to date with the sockets that listen now, in all namespaces. */
  void refresh(Collection<KernelSocket> listening) {
    look++;
    for (KernelSocket socket : listening) {
      note(socket);
    }
    forgetClosed();
    endings.of(held.values()).forEach(this::drop);
    proveInTurn();
    List<SocketHolders> sought = byInode.values().stream().filter(SocketHolders::isSought).toList();
    // Listed after the sockets: who holds one of them is there by now.
    processes.refresh();
    int[] arrived = processes.arrivedSince(knownPids);
    knownPids = processes.pids();
    refused.and(knownPids);
    walkNew(arrived, sought);
    search(sought);
    walkInTurn();
  }

  private void note(KernelSocket socket) {
    if (socket.inode() == 0) {
      return;
    }
    SocketHolders holders = byInode.get(socket.inode());
    // A process that holds none of them now may own the same number tomorrow.
    if (holders == null || !Objects.equals(holders.socket().cookie(), socket.cookie())) {
      if (holders != null) {
        forget(holders);
      }
      holders = new SocketHolders(socket, version);
      byInode.put(socket.inode(), holders);
    }
    holders.setSeenInLook(look);
  }

  private void forgetClosed() {
    Iterator<SocketHolders> all = byInode.values().iterator();
    while (all.hasNext()) {
      SocketHolders holders = all.next();
      if (holders.seenInLook() != look) {
        all.remove();
        forget(holders);
      }
    }
  }

  private void forget(SocketHolders holders) {
    for (HeldProcess process : List.copyOf(holders.processes())) {
      release(process, holders);
    }
  }

  private void release(HeldProcess process, SocketHolders holders) {
    holders.remove(process);
    process.descriptors().remove(holders);
    if (process.descriptors().isEmpty()) {
      drop(process);
    }
  }

  private void drop(HeldProcess process) {
    if (held.remove(process.pid(), process)) {
      process.descriptors().keySet().forEach(holders -> holders.remove(process));
      process.descriptors().clear();
      endings.changed();
      process.close();
    }
  }

  private void proveInTurn() {
    if (toProve.isEmpty()) {
      toProve.addAll(held.values());
    }
    int descriptors = 0;
    for (int i = 0; i < pace.processesProven() && descriptors < pace.descriptorsProven(); i++) {
      HeldProcess process = toProve.poll();
      if (process == null) {
        return;
      }
      if (held.get(process.pid()) == process) {
        descriptors += prove(process);
      }
    }
  }

  private int prove(HeldProcess process) {
    int proven = process.descriptors().size();
    if (!process.prove()) {
      drop(process);
      return proven;
    }
    List<SocketHolders> moved = new ArrayList<>(0);
    process
        .descriptors()
        .forEach(
            (holders, descriptor) -> {
              if (process.socketAt(descriptor) != holders.socket().inode()) {
                moved.add(holders);
              }
            });
    if (!moved.isEmpty()) {
      moved.forEach(holders -> process.descriptors().remove(holders));
      moved.forEach(holders -> holders.remove(process));
      walk(process.pid());
      if (process.descriptors().isEmpty()) {
        drop(process);
      }
    }
    return proven;
  }

  /** Walks all where something is sought; else as many as the pace allows, the others in turn. */
  private void walkNew(int[] arrived, List<SocketHolders> sought) {
    for (int i = 0; i < arrived.length; i++) {
      if (i < pace.newProcesses() || !sought.isEmpty()) {
        walk(arrived[i]);
      } else {
        toWalk.addFirst(arrived[i]);
      }
    }
  }

  private void search(List<SocketHolders> sought) {
    if (sought.stream().noneMatch(SocketHolders::isSought)) {
      return;
    }
    for (int pid : likelyFirst(sought)) {
      walk(pid);
      if (sought.stream().noneMatch(SocketHolders::isSought)) {
        return;
      }
    }
    sought.stream().filter(SocketHolders::isSought).forEach(SocketHolders::setSearched);
  }

  /** Who owned a socket before and is of the same user; then that user's, then all the others. */
  private int[] likelyFirst(List<SocketHolders> sought) {
    List<Long> uids = sought.stream().map(holders -> holders.socket().uid()).distinct().toList();
    int[] pids = ProcessList.newestFirst(knownPids);
    long[] ranked = new long[pids.length];
    for (int i = 0; i < pids.length; i++) {
      boolean sameUser = uids.contains(uid(pids[i]));
      long rank = sameUser && held.containsKey(pids[i]) ? 0 : sameUser ? 1 : 2;
      ranked[i] = (rank << 32) | i;
    }
    Arrays.sort(ranked);
    return Arrays.stream(ranked).mapToInt(place -> pids[(int) place]).toArray();
  }

  private @Nullable Long uid(int pid) {
    HeldProcess known = held.get(pid);
    if (known != null && known.owner().uid() != null) {
      return known.owner().uid();
    }
    return proc.ownerOf("proc/" + pid);
  }

  private void walkInTurn() {
    if (toWalk.isEmpty()) {
      knownPids.stream().forEach(toWalk::add);
    }
    int walked = 0;
    while (walked < pace.descriptorsWalked() && !toWalk.isEmpty()) {
      walked += walk(toWalk.remove());
    }
  }

  /** Looks through the descriptors of a process; gives how many there were. */
  private int walk(int pid) {
    HeldProcess known = held.get(pid);
    ProcessFolder folder = proc.process(pid);
    if (folder == null) {
      refused.set(pid, proc.error() == Errno.EMFILE);
      return 1;
    }
    int[] descriptors = folder.descriptors();
    if (descriptors == null) {
      refused.set(pid);
      folder.close();
      return 1;
    }
    boolean closedToUs = false;
    Map<SocketHolders, Integer> found = new HashMap<>(0);
    proc.forgetError();
    for (int descriptor : descriptors) {
      long inode = folder.socketAt(descriptor);
      // A folder may list its descriptors and yet not say what they are.
      closedToUs |= inode == 0 && proc.error() == Errno.EACCES;
      SocketHolders holders = inode == 0 ? null : byInode.get(inode);
      if (holders != null) {
        found.putIfAbsent(holders, descriptor);
      }
    }
    refused.set(pid, closedToUs);
    if (found.isEmpty() || !attach(known, folder, found)) {
      folder.close();
    }
    return descriptors.length + 1;
  }

  /** Gives the sockets to the process; whether it took the folder over. */
  private boolean attach(
      @Nullable HeldProcess known, ProcessFolder folder, Map<SocketHolders, Integer> found) {
    HeldProcess process = known;
    // Of two processes with one number in turn only one can still be there.
    if (process != null && !process.prove()) {
      drop(process);
      process = null;
    }
    boolean taken = process == null;
    if (process == null) {
      process = HeldProcess.of(folder, reader);
      if (process == null) {
        return true;
      }
      held.put(process.pid(), process);
      endings.changed();
    }
    for (Map.Entry<SocketHolders, Integer> entry : found.entrySet()) {
      if (process.descriptors().putIfAbsent(entry.getKey(), entry.getValue()) == null) {
        entry.getKey().add(process);
      }
    }
    return taken;
  }

  @Override
  public void close() {
    List.copyOf(held.values()).forEach(this::drop);
  }
}
