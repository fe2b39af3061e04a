package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The processes that hold listening sockets. Every look checks that none of them has ended. To
 * limit the cost, each look checks only some of them for a changed file or a closed socket.
 */
final class HeldProcesses implements AutoCloseable {

  private final ProcFs proc;
  private final ProcessOwnerReader reader;
  private final OwnerPaths paths = new OwnerPaths();
  private final ExitPoller exits = new ExitPoller();
  private final Map<Integer, HeldProcess> byPid = new LinkedHashMap<>();

  /** Those whose end the kernel does not report, as before Linux 5.3; each look checks them. */
  private final Set<HeldProcess> unwatched = new LinkedHashSet<>();

  private final Deque<HeldProcess> toProve = new ArrayDeque<>();
  private final Set<HeldProcess> newHolders = new LinkedHashSet<>();

  /** The processes that got a socket since the last {@link #takeParents}, each with one of them. */
  private final Map<HeldProcess, SocketHolders> toFollow = new LinkedHashMap<>();

  HeldProcesses(Path root, ProcFs proc, Executables executables) {
    this.proc = proc;
    reader = new ProcessOwnerReader(root, proc, executables);
  }

  /** Reads the facts of all processes again. */
  void readAgain() {
    List.copyOf(byPid.values()).stream()
        .filter(process -> !process.readAgain())
        .forEach(this::drop);
  }

  /**
   * Reads the facts of a process and takes over its folder; {@code null} if the process has ended.
   * The caller closes it.
   */
  @Nullable HeldProcess read(ProcessFolder folder) {
    return HeldProcess.of(folder, reader, paths);
  }

  /** Returns the process with this id, or {@code null} if it is not known to hold a socket. */
  @Nullable HeldProcess get(int pid) {
    return byPid.get(pid);
  }

  /** Returns true if a process is known to belong to this {@linkplain UserGroup group}. */
  boolean isOf(long group, int pid) {
    HeldProcess known = byPid.get(pid);
    Long uid = known == null ? null : known.owner().uid();
    if (uid == null) {
      uid = proc.ownerOf("proc/" + pid);
    }
    return uid != null && UserGroup.of(uid) == group;
  }

  /** Adds sockets to a process. Returns true if this object took over the folder. */
  boolean attach(ProcessFolder folder, Map<SocketHolders, Integer> found) {
    HeldProcess process = byPid.get(folder.pid());
    // The process id may have been reused. Only one of the two processes can still exist.
    if (process != null && !process.prove()) {
      drop(process);
      process = null;
    }
    boolean taken = process == null;
    if (process == null) {
      process = HeldProcess.of(folder, reader, paths);
      if (process == null) {
        return true;
      }
      byPid.put(process.pid(), process);
      if (!exits.watch(process.pid(), process.pidfd())) {
        unwatched.add(process);
      }
    }
    for (Map.Entry<SocketHolders, Integer> entry : found.entrySet()) {
      if (isHeldByItsGroup(entry.getKey(), process)) {
        continue;
      }
      if (process.descriptors().putIfAbsent(entry.getKey(), entry.getValue()) == null) {
        entry.getKey().add(process);
        newHolders.add(process);
        toFollow.put(process, entry.getKey());
      }
    }
    if (process.descriptors().isEmpty()) {
      drop(process);
    }
    return taken;
  }

  /** Returns true if another thread of the process is known to hold the socket. */
  private static boolean isHeldByItsGroup(SocketHolders holders, HeldProcess process) {
    return holders.processes().stream()
        .anyMatch(one -> one != process && one.owner().pid() == process.owner().pid());
  }

  /** Returns the processes that got a socket since the last call. Some of them may have ended. */
  List<HeldProcess> takeNewHolders() {
    List<HeldProcess> taken = List.copyOf(newHolders);
    newHolders.clear();
    return taken;
  }

  /**
   * Returns the parents of the processes that got a socket since the last call, without those that
   * are known to hold it.
   */
  BitSet takeParents() {
    BitSet parents = new BitSet();
    toFollow.forEach(
        (process, socket) -> {
          int parent = process.parent();
          if (socket.processes().stream().noneMatch(holder -> holder.pid() == parent)) {
            parents.set(parent);
          }
        });
    toFollow.clear();
    parents.clear(0);
    return parents;
  }

  /**
   * Returns the current time on the clock of {@link OwnerDetails#startedAt}, or {@code null} if it
   * is unknown.
   */
  @Nullable Instant now() {
    return reader.now();
  }

  /** Removes a socket from all of its processes. */
  void forget(SocketHolders holders) {
    for (HeldProcess process : List.copyOf(holders.processes())) {
      release(process, List.of(holders));
    }
  }

  private void release(HeldProcess process, List<SocketHolders> gone) {
    for (SocketHolders holders : gone) {
      holders.remove(process);
      process.descriptors().remove(holders);
    }
    if (process.descriptors().isEmpty()) {
      drop(process);
    }
  }

  private void drop(HeldProcess process) {
    if (byPid.remove(process.pid(), process)) {
      process.descriptors().keySet().forEach(holders -> holders.remove(process));
      process.descriptors().clear();
      if (!unwatched.remove(process)) {
        exits.forget(process.pidfd());
      }
      process.close();
    }
  }

  /** Removes the processes that have ended. */
  void dropEnded() {
    int[] ended = exits.ended();
    for (HeldProcess process : List.copyOf(ended == null ? byPid.values() : unwatched)) {
      if (!process.prove()) {
        drop(process);
      }
    }
    for (int pid : ended == null ? new int[0] : ended) {
      HeldProcess process = byPid.get(pid);
      if (process != null) {
        drop(process);
      }
    }
  }

  /**
   * Removes the holders of a socket whose end has begun, up to the first one that lives.
   *
   * @param holders the holders of a socket
   * @return the number of removed ones
   */
  int dropEnding(SocketHolders holders) {
    int dropped = 0;
    for (HeldProcess process : List.copyOf(holders.processes())) {
      if (!process.hasLeftProgram()) {
        return dropped;
      }
      drop(process);
      dropped++;
    }
    return dropped;
  }

  /**
   * Checks the next processes in turn.
   *
   * @param pace the limits for one look
   * @param walkAgain receives the id of a process whose socket is no longer at its descriptor
   */
  void proveInTurn(SocketOwners.Pace pace, IntConsumer walkAgain) {
    if (toProve.isEmpty()) {
      toProve.addAll(byPid.values());
    }
    int descriptors = 0;
    for (int i = 0; i < pace.processesProven() && descriptors < pace.descriptorsProven(); i++) {
      HeldProcess process = toProve.poll();
      if (process == null) {
        return;
      }
      if (byPid.get(process.pid()) == process) {
        descriptors += prove(process, walkAgain);
      }
    }
  }

  /** Checks one process and returns the number of descriptors that were checked. */
  int prove(HeldProcess process, IntConsumer walkAgain) {
    int proven = process.descriptors().size();
    if (!process.prove()) {
      drop(process);
      return proven;
    }
    List<SocketHolders> moved = moved(process);
    if (!moved.isEmpty()) {
      moved.forEach(process.descriptors()::remove);
      moved.forEach(holders -> holders.remove(process));
      walkAgain.accept(process.pid());
      release(process, List.of());
    }
    return proven;
  }

  private static List<SocketHolders> moved(HeldProcess process) {
    List<SocketHolders> moved = new ArrayList<>(0);
    for (Map.Entry<SocketHolders, Integer> one : process.descriptors().entrySet()) {
      if (!process.holds(one.getValue(), one.getKey().socket().inode())) {
        moved.add(one.getKey());
      }
    }
    return moved;
  }

  @Override
  public void close() {
    List.copyOf(byPid.values()).forEach(this::drop);
    exits.close();
  }
}
