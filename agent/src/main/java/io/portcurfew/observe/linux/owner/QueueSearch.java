package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.observe.linux.proc.ThreadList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the processes that may receive the sockets that no process holds. A descriptor that was
 * sent over a Unix socket waits in the queue of that socket (SCM_RIGHTS, unix(7)), and the kernel
 * shows how many do, but not which. The search runs while there are such sockets: all processes,
 * then the threads with tables of their own. It starts again for a new socket, when a queue was
 * read, and after {@value #LOOKS_BETWEEN} looks.
 */
final class QueueSearch implements AutoCloseable {

  static final int LOOKS_BETWEEN = 30;

  /** Beyond so many processes it is not known which of them receives the socket. */
  private static final int MOST_RECEIVERS = 8;

  private static final int DESCRIPTORS = 512;

  private final ProcFs proc;
  private final ThreadList threads;
  private final TurnWalk turns;
  private final Function<ProcessFolder, @Nullable HeldProcess> reader;
  private final Deque<Integer> toRead = new ArrayDeque<>();
  private final Deque<Integer> toList = new ArrayDeque<>();
  private final List<SocketReceiver> found = new ArrayList<>();
  private Set<SocketHolders> orphans = Set.of();
  private List<SocketReceiver> receivers = List.of();
  private @Nullable QueueWalk current;
  private boolean running;
  private boolean again;
  private int looks;

  /** A process, and its descriptor of a Unix socket in whose queue descriptors wait. */
  private record SocketReceiver(HeldProcess process, int descriptor) {

    boolean isWaiting() {
      return process.hasQueueAt(descriptor) && process.prove();
    }

    Owner owner() {
      Owner owner = process.owner();
      return owner.with(owner.details().asReceiver());
    }
  }

  /**
   * Creates a search.
   *
   * @param turns reads the descriptors of a process that has read its queue
   * @param reader reads the facts of a process and takes over its folder; {@code null} if it has
   *     ended
   */
  QueueSearch(ProcFs proc, TurnWalk turns, Function<ProcessFolder, @Nullable HeldProcess> reader) {
    this.proc = proc;
    this.threads = new ThreadList(proc);
    this.turns = turns;
    this.reader = reader;
  }

  /**
   * Continues the search.
   *
   * @param all the sockets that no process holds
   * @param pids the existing processes
   * @param budget the budget of this look
   */
  void run(Collection<SocketHolders> all, BitSet pids, WalkBudget budget) {
    again |= !orphans.containsAll(all);
    if (all.isEmpty()) {
      orphans.forEach(orphan -> orphan.setReceivers(List.of(), false));
      close();
      return;
    }
    orphans = Set.copyOf(all);
    looks++;
    // A search that runs goes to its end, or new sockets in each look would keep it from that.
    if (!running && (again || haveReceived(budget) || looks > LOOKS_BETWEEN)) {
      begin(pids);
    }
    while (running && !budget.isSpent()) {
      step(budget);
    }
  }

  /** Returns true if a queue was read; its process may hold the socket now. */
  private boolean haveReceived(WalkBudget budget) {
    List<SocketReceiver> done = receivers.stream().filter(one -> !one.isWaiting()).toList();
    done.forEach(one -> turns.walk(one.process().pid(), budget));
    return !done.isEmpty();
  }

  private void begin(BitSet pids) {
    stop();
    running = true;
    again = false;
    looks = 0;
    // The newest first.
    pids.stream()
        .forEach(
            pid -> {
              toRead.push(pid);
              toList.push(pid);
            });
  }

  private void step(WalkBudget budget) {
    QueueWalk walk = current;
    if (walk != null) {
      read(walk, budget);
    } else if (!toRead.isEmpty()) {
      budget.spend(WalkBudget.OPEN);
      current = new QueueWalk(proc, toRead.remove());
    } else if (!toList.isEmpty()) {
      budget.spend(WalkBudget.ASK);
      for (int thread : threads.others(toList.remove())) {
        toRead.add(thread);
      }
    } else {
      publish();
    }
  }

  private void read(QueueWalk walk, WalkBudget budget) {
    if (!walk.ended()) {
      budget.spend(walk.read(DESCRIPTORS));
      return;
    }
    current = null;
    ProcessFolder folder = walk.found() < 0 ? null : walk.takeFolder();
    if (folder == null) {
      walk.close();
      return;
    }
    budget.spend(WalkBudget.DESCRIBE);
    HeldProcess process = reader.apply(folder);
    if (process != null) {
      add(new SocketReceiver(process, walk.found()));
    }
    if (found.size() > MOST_RECEIVERS) {
      publish();
    }
  }

  /** A thread that shares the table of its process is the same receiver. */
  private void add(SocketReceiver one) {
    if (found.stream().anyMatch(known -> known.owner().pid() == one.owner().pid())) {
      one.process().close();
    } else {
      found.add(one);
    }
  }

  private void publish() {
    receivers.forEach(one -> one.process().close());
    receivers = List.copyOf(found);
    found.clear();
    stop();
    List<Owner> owners =
        receivers.size() > MOST_RECEIVERS
            ? List.of()
            : receivers.stream().map(SocketReceiver::owner).sorted().toList();
    boolean any = !receivers.isEmpty();
    orphans.forEach(orphan -> orphan.setReceivers(owners, any));
  }

  private void stop() {
    running = false;
    toRead.clear();
    toList.clear();
    if (current != null) {
      current.close();
    }
    current = null;
    found.forEach(one -> one.process().close());
    found.clear();
  }

  @Override
  public void close() {
    stop();
    receivers.forEach(one -> one.process().close());
    receivers = List.of();
    orphans = Set.of();
    again = false;
    looks = 0;
  }
}
