package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The processes that hold listening sockets. What is known of them is proven: at every look that
 * none has ended; in turns, so that the cost stays small, that each still runs the same file and
 * still has its sockets.
 */
final class HeldProcesses implements AutoCloseable {

  private final ProcessOwnerReader reader;
  private final ExitPoller endings = new ExitPoller();
  private final Map<Integer, HeldProcess> byPid = new LinkedHashMap<>();
  private final Deque<HeldProcess> toProve = new ArrayDeque<>();
  private final Set<HeldProcess> newHolders = new LinkedHashSet<>();

  HeldProcesses(Path root, ProcFs proc, Executables executables) {
    reader = new ProcessOwnerReader(root, proc, executables);
  }

  /** Reads anew who they all are. */
  void readAgain() {
    List.copyOf(byPid.values()).stream()
        .filter(process -> !process.readAgain())
        .forEach(this::drop);
  }

  /** The process of this number, where it is known to hold a socket. */
  @Nullable HeldProcess get(int pid) {
    return byPid.get(pid);
  }

  /** Gives sockets to a process; whether it took the folder over. */
  boolean attach(ProcessFolder folder, Map<SocketHolders, Integer> found) {
    HeldProcess process = byPid.get(folder.pid());
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
      byPid.put(process.pid(), process);
      endings.changed();
    }
    for (Map.Entry<SocketHolders, Integer> entry : found.entrySet()) {
      if (process.descriptors().putIfAbsent(entry.getKey(), entry.getValue()) == null) {
        entry.getKey().add(process);
        newHolders.add(process);
      }
    }
    return taken;
  }

  /** Those that were found to hold something since this was asked last; some may have ended. */
  List<HeldProcess> takeNewHolders() {
    List<HeldProcess> taken = List.copyOf(newHolders);
    newHolders.clear();
    return taken;
  }

  /** This moment by the clock of {@link OwnerDetails#startedAt}; nothing if it is unknown. */
  @Nullable Instant now() {
    return reader.now();
  }

  /** Forgets that anybody holds this socket. */
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
      endings.changed();
      process.close();
    }
  }

  void dropEnded() {
    endings.of(byPid.values()).forEach(this::drop);
  }

  /**
   * Proves some of them.
   *
   * @param walkAgain receives a process that no longer has a socket where it had it
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

  /** Proves one of them, as in a turn; gives how many descriptors that took. */
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
    process
        .descriptors()
        .forEach(
            (holders, descriptor) -> {
              if (process.socketAt(descriptor) != holders.socket().inode()) {
                moved.add(holders);
              }
            });
    return moved;
  }

  @Override
  public void close() {
    List.copyOf(byPid.values()).forEach(this::drop);
  }
}
