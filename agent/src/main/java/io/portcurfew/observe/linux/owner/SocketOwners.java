package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.OwnerFact;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessList;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which socket, remembered from look to look.
 *
 * <p>Inodes of sockets are numbers of the whole host, so one memory serves every network namespace.
 * A socket that is new is {@linkplain OwnerSearch searched for}, with a budget for each look. What
 * is known is proven: at every look that no owner has ended; in turns, so that the cost stays
 * small, that each still runs the same file and still has the socket at that descriptor. New
 * processes are walked through as they appear, the others in turns too: so a descriptor that was
 * handed over is found. One that has only just been started is {@linkplain YoungProcesses looked at
 * again}.
 */
public final class SocketOwners implements AutoCloseable {

  /** How much is proven in one look. */
  public record Pace(
      int processesProven, int descriptorsProven, int newProcesses, int descriptorsWalked) {
    /** Every owner of an ordinary host in every look, and 0.2 ms of CPU at most on a large one. */
    public static final Pace USUAL = new Pace(32, 32, 64, 16);
  }

  /**
   * How much may be spent on the search in one look; a unit is about 1.5 µs.
   *
   * @param patient of the first look, which has to find all that there is
   */
  public record Limits(int units, long millis, int patient, long patientMillis) {
    /** About 75 ms of CPU, and 1.5 s at the start. */
    public static final Limits USUAL = new Limits(50_000, 200, 1_000_000, 2_000);
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
  private final Executables executables;
  private final HeldProcesses held;
  private final YoungProcesses newcomers;
  private final Pace pace;
  private final Limits limits;
  private final Version version = new Version();
  private final Map<Long, SocketHolders> byInode = new HashMap<>();
  private final ProcessWalker walker;
  private final OwnerSearch search;
  private final TurnWalk turns;
  private BitSet knownPids = new BitSet();
  private int look;
  private long searchedAt = -1;
  private boolean patient = true;

  public SocketOwners(Path root, ProcessList processes, Pace pace) {
    this(root, processes, pace, Limits.USUAL, YoungProcesses.Patience.USUAL);
  }

  SocketOwners(
      Path root,
      ProcessList processes,
      Pace pace,
      Limits limits,
      YoungProcesses.Patience patience) {
    this.processes = processes;
    proc = new ProcFs(root);
    executables = new Executables(root, proc);
    held = new HeldProcesses(root, proc, executables);
    newcomers = new YoungProcesses(held, patience);
    this.pace = pace;
    this.limits = limits;
    walker = new ProcessWalker(proc, held, byInode::get, this::isKnown);
    search = new OwnerSearch(walker, this::isOf);
    turns = new TurnWalk(walker);
  }

  /** From now on these are found out about every owner. */
  public void ask(Set<OwnerFact> facts) {
    if (executables.ask(facts)) {
      held.readAgain();
      patient = true;
    }
  }

  /** Changes whenever an owner does. */
  public long version() {
    return version.value();
  }

  /** How many processes do not let us see their descriptors. */
  public int refusedProcesses() {
    return walker.refused().cardinality();
  }

  /** The holders of a socket that {@link #refresh} was given. */
  public @Nullable SocketHolders of(KernelSocket socket) {
    return byInode.get(socket.inode());
  }

  /** Whether a process is known to hold this socket. */
  public boolean isHeld(KernelSocket socket) {
    SocketHolders holders = of(socket);
    return holders != null && !holders.processes().isEmpty();
  }

  /**
   * Brings the memory up to date.
   *
   * @param listening the sockets that listen now, in all namespaces; {@code null} where they are
   *     the same as in the look before
   * @param hasGone asked of a socket before the processes of other users are searched for it
   * @return the sockets for which the search has ended in this look, and no process holds them
   * @throws InterruptedException when interrupted while a process is being started
   */
  public List<KernelSocket> refresh(
      @Nullable Collection<KernelSocket> listening, Predicate<KernelSocket> hasGone)
      throws InterruptedException {
    if (listening != null) {
      look++;
      listening.forEach(this::note);
      forgetClosed();
    }
    WalkBudget budget = budget();
    held.dropEnded();
    held.proveInTurn(pace, pid -> turns.walk(pid, budget));
    List<SocketHolders> sought = sought();
    // Listed after the sockets: who holds one of them is there by now.
    processes.refresh();
    BitSet arrived = (BitSet) processes.pids().clone();
    arrived.andNot(knownPids);
    knownPids = processes.pids();
    walker.refused().and(knownPids);
    turns.arrived(arrived, knownPids);
    turns.walkNew(sought.isEmpty() ? pace.newProcesses() : Integer.MAX_VALUE, budget);
    search.run(sought, knownPids, arrived, budget, holders -> isGone(holders, hasGone));
    searchedAt = version.value();
    turns.walk(pace.descriptorsWalked(), knownPids, budget);
    newcomers.settle(pid -> turns.walk(pid, budget));
    settleDigests();
    return sought.stream().filter(SocketHolders::isOrphan).map(SocketHolders::socket).toList();
  }

  private WalkBudget budget() {
    return patient
        ? WalkBudget.of(limits.patient(), limits.patientMillis())
        : WalkBudget.of(limits.units(), limits.millis());
  }

  /** Only a look that has to find all that there is waits for digests, and not for long. */
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

  private boolean isGone(SocketHolders holders, Predicate<KernelSocket> hasGone) {
    boolean gone = hasGone.test(holders.socket());
    if (gone) {
      forget(holders.socket());
    }
    return gone;
  }

  /** Forgets a socket that turned out to be gone. */
  public void forget(KernelSocket gone) {
    SocketHolders holders = byInode.remove(gone.inode());
    if (holders != null) {
      leave(holders);
    }
  }

  private void leave(SocketHolders holders) {
    holders.setGone();
    held.forget(holders);
  }

  private void note(KernelSocket socket) {
    if (socket.inode() == 0) {
      return;
    }
    SocketHolders holders = byInode.get(socket.inode());
    // A process that holds none of them now may own the same number tomorrow.
    if (holders == null || !Objects.equals(holders.socket().cookie(), socket.cookie())) {
      if (holders != null) {
        leave(holders);
      }
      holders = new SocketHolders(socket, version);
      byInode.put(socket.inode(), holders);
      version.bump();
    }
    holders.setSeenInLook(look);
  }

  private void forgetClosed() {
    Iterator<SocketHolders> all = byInode.values().iterator();
    while (all.hasNext()) {
      SocketHolders holders = all.next();
      if (holders.seenInLook() != look) {
        all.remove();
        leave(holders);
      }
    }
  }

  /** The sockets without a known owner; none where nothing has changed since the last search. */
  private List<SocketHolders> sought() {
    return version.value() == searchedAt && search.isOver()
        ? List.of()
        : byInode.values().stream().filter(SocketHolders::isSought).toList();
  }

  private boolean isKnown(SocketHolders holders) {
    return byInode.get(holders.socket().inode()) == holders;
  }

  private boolean isOf(long user, int pid) {
    HeldProcess known = held.get(pid);
    Long uid = known == null ? null : known.owner().uid();
    if (uid == null) {
      uid = proc.ownerOf("proc/" + pid);
    }
    return uid != null && UserGroup.of(uid) == user;
  }

  @Override
  public void close() {
    turns.close();
    search.close();
    held.close();
    executables.close();
  }
}
