package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.OwnerFact;
import io.portcurfew.observe.linux.kernel.HeldSocket;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessList;
import io.portcurfew.observe.linux.unlisted.UnlistedSockets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the processes that hold each socket, and remembers them between looks.
 *
 * <p>New sockets are {@linkplain OwnerSearch searched for}, with a budget for each look. Every look
 * checks that no owner has ended. To limit the cost, each look checks only some owners for a
 * changed file or a closed socket. New processes are read when they appear, and the others are read
 * in turn, which finds a descriptor that was passed to another process. A process that started a
 * moment ago is {@linkplain YoungProcesses checked again}.
 */
public final class SocketOwners implements AutoCloseable {

  /**
   * The limits for the checks of one look.
   *
   * @param processesProven the number of known owners to check
   * @param descriptorsProven the number of their descriptors to check
   * @param newProcesses the number of new processes to read
   * @param descriptorsWalked the approximate number of descriptors to read in other processes
   */
  public record Pace(
      int processesProven, int descriptorsProven, int newProcesses, int descriptorsWalked) {
    /**
     * The usual limits, which cover every owner of an ordinary host and cost at most 0.2 ms of CPU
     * on a large one.
     */
    public static final Pace USUAL = new Pace(32, 32, 64, 16);

    /**
     * Returns the limits for a look that follows the last one within a few seconds: five such looks
     * check more than a usual one.
     */
    Pace soon() {
      return new Pace(
          processesProven / 4, descriptorsProven / 4, newProcesses, descriptorsWalked / 4);
    }
  }

  /**
   * The limits for the search in one look. One unit takes about 1.5 µs.
   *
   * @param units the units of an ordinary look
   * @param millis the milliseconds of an ordinary look
   * @param patient the units of a look that has to find all owners, such as the first one
   * @param patientMillis the milliseconds of such a look
   */
  public record Limits(int units, long millis, int patient, long patientMillis) {
    /** The usual limits, which are about 75 ms of CPU for a look and 1.5 s for the first one. */
    public static final Limits USUAL = new Limits(50_000, 200, 1_000_000, 2_000);
  }

  private final ProcessList processes;
  private final ProcFs proc;
  private final Executables executables;
  private final HeldProcesses held;
  private final YoungProcesses youngProcesses;
  private final Pace usual;
  private Pace pace;
  private final Limits limits;
  private final AtomicLong version = new AtomicLong();
  private final KnownSockets sockets;
  private final ProcessWalker walker;
  private final OwnerSearch search;
  private final TurnWalk turns;
  private final QueueSearch queues;
  private BitSet knownPids = new BitSet();
  private long searchedAt = -1;
  private boolean patient = true;
  private boolean readsAll;

  SocketOwners(Path root, ProcessList processes, Pace pace) {
    this(root, processes, pace, Limits.USUAL);
  }

  /** Creates an empty memory. */
  public SocketOwners(Path root, ProcessList processes, Pace pace, Limits limits) {
    this(root, processes, pace, limits, YoungProcesses.WaitLimits.USUAL);
  }

  SocketOwners(
      Path root, ProcessList processes, Pace pace, Limits limits, YoungProcesses.WaitLimits waits) {
    this.processes = processes;
    proc = processes.reader();
    executables = new Executables(root, proc);
    held = new HeldProcesses(root, proc, executables);
    youngProcesses = new YoungProcesses(held, waits);
    this.usual = pace;
    this.pace = pace;
    this.limits = limits;
    sockets = new KnownSockets(version, held);
    walker = new ProcessWalker(proc, held, sockets::of, sockets::contains);
    search = new OwnerSearch(walker, held::isOf);
    turns = new TurnWalk(walker);
    queues = new QueueSearch(proc, turns, held::read);
  }

  /** Sets the facts to find about every owner. */
  public void ask(Set<OwnerFact> facts) {
    if (executables.ask(facts)) {
      held.readAgain();
      patient = true;
    }
  }

  /**
   * Sets how much the next look checks in turn.
   *
   * @param soon true if it follows the last one within a few seconds
   */
  public void follows(boolean soon) {
    pace = soon ? usual.soon() : usual;
  }

  /**
   * Reads all processes again in the next looks. The search for a socket ends at the first holder,
   * and a socket that earlier looks have missed may be older than several of its holders.
   */
  public void readAll() {
    readsAll = true;
  }

  /** Returns a number that changes whenever an owner changes. */
  public long version() {
    return version.get();
  }

  /** Returns the network namespaces that the search has passed since the last call. */
  public List<NamespaceDescriptors.FoundDescriptor> takeNamespaces() {
    return walker.namespaces().take();
  }

  /** Returns true if the kernel says in which network namespace a socket of a process is. */
  public boolean asksForNamespaces() {
    return proc.isCaptured() || walker.namespaces().mayAsk();
  }

  /** Returns the sockets that the search has passed and whose namespace may not be asked for. */
  public UnlistedSockets unlisted() {
    return walker.namespaces().unlisted();
  }

  /** Returns what the walks passed and no list of the kernel may show. */
  public WalkFinds finds() {
    return new WalkFinds(
        walker.programs().of(knownPids), walker.namespaces().sockets(this::isOrphan));
  }

  private boolean isOrphan(long inode) {
    SocketHolders holders = sockets.of(inode);
    return holders != null && holders.isOrphan();
  }

  /** Returns the number of processes that do not show their descriptors. */
  public int refusedProcesses() {
    return walker.refused().cardinality();
  }

  /** Returns the holders of a socket that was passed to {@link #refresh}, or {@code null}. */
  public @Nullable SocketHolders of(HeldSocket socket) {
    return sockets.of(socket.inode());
  }

  /** Returns true if a process is known to hold this socket. */
  public boolean isHeld(HeldSocket socket) {
    SocketHolders holders = of(socket);
    return holders != null && !holders.processes().isEmpty();
  }

  /**
   * Forgets the holders of these sockets whose end has begun, up to the first one that lives; the
   * next {@link #refresh} searches for others.
   *
   * @return true if one was forgotten
   */
  public boolean dropEnding(Collection<? extends HeldSocket> sockets) {
    return this.sockets.dropEnding(sockets);
  }

  /**
   * Updates the owners.
   *
   * @param listening the listening sockets of all namespaces, or {@code null} if they have not
   *     changed since the previous look
   * @param hasGone returns true if a socket is gone; called before the processes of other users are
   *     searched
   * @return the sockets whose search has ended in this look without a holder
   * @throws InterruptedException if the thread is interrupted while it waits for a new process
   */
  public List<HeldSocket> refresh(
      @Nullable Collection<? extends HeldSocket> listening, Predicate<HeldSocket> hasGone)
      throws InterruptedException {
    if (listening != null) {
      sockets.update(listening);
    }
    WalkBudget budget = budget();
    held.dropEnded();
    IntConsumer walk = pid -> turns.walk(pid, budget);
    held.proveInTurn(pace, walk);
    List<SocketHolders> sought = sought();
    // List the processes after the sockets, so that the list includes every holder.
    processes.refresh();
    BitSet arrived = processes.arrivedSince(knownPids);
    knownPids = processes.pids();
    walker.refused().and(knownPids);
    turns.arrived(readsAll ? knownPids : arrived, knownPids);
    turns.arrived(walker.takeExecuting(knownPids), knownPids);
    readsAll = false;
    int most = patient || !sought.isEmpty() ? Integer.MAX_VALUE : pace.newProcesses();
    turns.walkNew(most, budget);
    search.run(
        sought, knownPids, arrived, budget, holders -> sockets.forgetIfGone(holders, hasGone));
    turns.walkParents(held, most, knownPids, budget);
    searchedAt = version.get();
    turns.walk(pace.descriptorsWalked(), knownPids, budget);
    youngProcesses.settle(walk);
    searchQueues(budget);
    settleDigests();
    return sought.isEmpty()
        ? List.of()
        : sought.stream().filter(SocketHolders::isOrphan).map(SocketHolders::socket).toList();
  }

  /** Without the right to see other processes, they are more likely to hold such a socket. */
  private void searchQueues(WalkBudget budget) {
    List<SocketHolders> orphans = sockets.orphans();
    queues.run(orphans.isEmpty() || !seesOthers() ? List.of() : orphans, knownPids, budget);
  }

  private boolean seesOthers() {
    int refused = walker.refused().cardinality();
    return 2 * refused < knownPids.cardinality() && proc.ownerOf("proc/1") != null;
  }

  private WalkBudget budget() {
    return patient
        ? WalkBudget.of(limits.patient(), limits.patientMillis())
        : WalkBudget.of(limits.units(), limits.millis());
  }

  /**
   * Applies the computed digests. Only the first look, or the first look after {@link #ask} changed
   * the facts, waits for digests, and only for a short time.
   */
  private void settleDigests() throws InterruptedException {
    if (patient) {
      patient = false;
      executables.await(limits.patientMillis());
    }
    for (int pid : executables.settle()) {
      HeldProcess process = held.get(pid);
      if (process != null) {
        process.readAgain();
      }
    }
  }

  /** Removes a socket that no longer exists. */
  public void forget(HeldSocket gone) {
    sockets.forget(gone);
  }

  /**
   * Returns the sockets without a known owner, or an empty list if nothing has changed since the
   * last search.
   */
  private List<SocketHolders> sought() {
    return version.get() == searchedAt && search.isOver() ? List.of() : sockets.sought();
  }

  @Override
  public void close() {
    turns.close();
    search.close();
    unlisted().close();
    queues.close();
    held.close();
    executables.close();
  }
}
