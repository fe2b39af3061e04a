package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.OwnerFact;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which socket, remembered from look to look.
 *
 * <p>Inodes of sockets are numbers of the whole host, so one memory serves every network namespace.
 * A socket that is new is searched for, first where it is likely. What is known is proven: at every
 * look that no owner has ended; in turns, so that the cost stays small, that each still runs the
 * same file and still has the socket at that descriptor. New processes are looked through as they
 * appear, the others in turns too: so a descriptor that was handed over is found. One that has only
 * just been started is {@linkplain YoungProcesses looked at again}.
 */
public final class SocketOwners implements AutoCloseable {

  /** How much is proven in one look. */
  public record Pace(
      int processesProven, int descriptorsProven, int newProcesses, int descriptorsWalked) {
    /** Every owner of an ordinary host in every look, and 0.2 ms of CPU at most on a large one. */
    public static final Pace USUAL = new Pace(32, 32, 64, 16);
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
  private final Version version = new Version();
  private final Map<Long, SocketHolders> byInode = new HashMap<>();
  private final Deque<Integer> toWalk = new ArrayDeque<>();
  private @Nullable DescriptorWalk inTurn;
  private BitSet knownPids = new BitSet();
  private BitSet refused = new BitSet();
  private int look;
  private long searchedAt = -1;

  public SocketOwners(Path root, ProcessList processes, Pace pace) {
    this(root, processes, pace, YoungProcesses.Patience.USUAL);
  }

  public SocketOwners(
      Path root, ProcessList processes, Pace pace, YoungProcesses.Patience patience) {
    this.processes = processes;
    proc = new ProcFs(root);
    executables = new Executables(root);
    held = new HeldProcesses(root, proc, executables);
    newcomers = new YoungProcesses(held, patience);
    this.pace = pace;
  }

  /** From now on these are found out about every owner. */
  public void ask(Set<OwnerFact> facts) {
    if (executables.ask(facts)) {
      held.readAgain();
    }
  }

  /** Changes whenever an owner does. */
  public long version() {
    return version.value();
  }

  /** How many processes do not let us see their descriptors. */
  public int refusedProcesses() {
    return refused.cardinality();
  }

  /** The holders of a socket that {@link #refresh} was told of. */
  public @Nullable SocketHolders of(KernelSocket socket) {
    return byInode.get(socket.inode());
  }

  /**
   * Brings the memory up to date.
   *
   * @param listening the sockets that listen now, in all namespaces; {@code null} where they are
   *     the same as in the look before
   * @param hasGone asked of a socket before every process is searched for it
   * @return the sockets for which every process was asked in this look, and none holds them
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
    held.dropEnded();
    held.proveInTurn(pace, this::walk);
    List<SocketHolders> sought = sought();
    // Listed after the sockets: who holds one of them is there by now.
    processes.refresh();
    int[] arrived = processes.arrivedSince(knownPids);
    knownPids = processes.pids();
    refused.and(knownPids);
    walkNew(arrived, sought);
    search(sought, hasGone);
    searchedAt = version.value();
    walkInTurn();
    newcomers.settle(this::walk);
    return sought.stream().filter(SocketHolders::isOrphan).map(SocketHolders::socket).toList();
  }

  /** Forgets a socket that turned out to be gone. */
  public void forget(KernelSocket gone) {
    SocketHolders holders = byInode.remove(gone.inode());
    if (holders != null) {
      held.forget(holders);
    }
  }

  private void note(KernelSocket socket) {
    if (socket.inode() == 0) {
      return;
    }
    SocketHolders holders = byInode.get(socket.inode());
    // A process that holds none of them now may own the same number tomorrow.
    if (holders == null || !Objects.equals(holders.socket().cookie(), socket.cookie())) {
      if (holders != null) {
        held.forget(holders);
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
        held.forget(holders);
      }
    }
  }

  /** The sockets without a known owner; none where nothing has changed since the last search. */
  private List<SocketHolders> sought() {
    return version.value() == searchedAt
        ? List.of()
        : byInode.values().stream().filter(SocketHolders::isSought).toList();
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

  /** First where a socket is likely; then only what is still there is worth asking everybody. */
  private void search(List<SocketHolders> sought, Predicate<KernelSocket> hasGone) {
    Set<Long> users = users(sought);
    int[] pids = sought.isEmpty() ? new int[0] : ProcessList.newestFirst(knownPids);
    walkFor(sought, Arrays.stream(pids).filter(pid -> isHeldBy(users, pid)).toArray());
    List<SocketHolders> left = sought.stream().filter(SocketHolders::isSought).toList();
    left.stream().map(SocketHolders::socket).filter(hasGone).forEach(this::forget);
    left = left.stream().filter(this::isKnown).toList();
    if (!left.isEmpty()) {
      walkFor(left, sameUserFirst(users(left), pids));
      left.stream().filter(SocketHolders::isSought).forEach(SocketHolders::setSearched);
    }
  }

  private void walkFor(List<SocketHolders> sought, int[] pids) {
    for (int pid : pids) {
      if (sought.stream().noneMatch(SocketHolders::isSought)) {
        return;
      }
      walk(pid);
    }
  }

  private static Set<Long> users(List<SocketHolders> sought) {
    return sought.stream().map(holders -> holders.socket().uid()).collect(Collectors.toSet());
  }

  private boolean isKnown(SocketHolders holders) {
    return byInode.get(holders.socket().inode()) == holders;
  }

  private boolean isHeldBy(Set<Long> users, int pid) {
    HeldProcess process = held.get(pid);
    return process != null && users.contains(process.owner().uid());
  }

  private int[] sameUserFirst(Set<Long> users, int[] pids) {
    long[] ranked = new long[pids.length];
    for (int i = 0; i < pids.length; i++) {
      ranked[i] = (users.contains(uid(pids[i])) ? 0 : 1L << 32) | i;
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
    while (walked < pace.descriptorsWalked() && !(inTurn == null && toWalk.isEmpty())) {
      DescriptorWalk walk = inTurn != null ? inTurn : DescriptorWalk.begin(proc, toWalk.remove());
      walked += walk.read(pace.descriptorsWalked() - walked, byInode::get);
      inTurn = walk.ended() ? null : walk;
      if (walk.ended()) {
        end(walk);
      }
    }
  }

  /** Looks through all descriptors of a process. */
  private void walk(int pid) {
    DescriptorWalk walk = DescriptorWalk.begin(proc, pid);
    while (!walk.ended()) {
      walk.read(Integer.MAX_VALUE, byInode::get);
    }
    end(walk);
  }

  private void end(DescriptorWalk walk) {
    refused.set(walk.pid(), walk.refused());
    // A walk in turn takes many looks, in which a socket may have gone.
    walk.found().keySet().removeIf(holders -> !isKnown(holders));
    ProcessFolder folder = walk.folder();
    if (folder == null || walk.found().isEmpty() || !held.attach(folder, walk.found())) {
      walk.close();
    }
  }

  @Override
  public void close() {
    if (inTurn != null) {
      inTurn.close();
    }
    held.close();
  }
}
