package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.linux.file.HostTree;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.observe.linux.owner.NamespaceDescriptors;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.observe.linux.proc.ProcessList;
import io.portcurfew.observe.linux.proc.ThreadList;
import io.portcurfew.process.Ticker;
import io.portcurfew.process.TimeBudget;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the network namespaces of the host: the agent's own, those of processes and threads, those
 * that are bound to a name under /run/netns, and those that a mount or a descriptor keeps. All
 * processes are checked again and again, because a process can change its namespace at any time.
 */
public final class Namespaces implements AutoCloseable {

  /** The number of known processes that are checked in one look, each in 2 µs. */
  private static final int CHECKED_PER_LOOK = 2_048;

  /** The same if the last look was a moment ago, so that frequent looks stay cheap. */
  private static final int CHECKED_SOON = 32;

  private static final Duration SOON = Duration.ofSeconds(5);

  /** The time that one look reads processes, threads and mounts; the first one has more. */
  static final Duration MOST = Duration.ofMillis(500);

  static final Duration MOST_OF_FIRST = Duration.ofMillis(1_500);

  /** The number of frequent looks from one check that a member is still there to the next. */
  private static final int LOOKS_PER_MEMBER = 40;

  private final ProcessList processes;
  private final ProcFs proc;
  private final HostTree tree;
  private final NamedNamespaces named;
  private final String source;
  private final Ticker ticker;
  private final KnownNamespaces known;
  private final NamespaceLinks links;
  private final ThreadTurns threads;
  private final ArrivalTurns arrivals;
  private final MountTurns mounts;
  private final MemberSearch members;
  private final OrphanSearch orphans;
  private final Set<Long> stirred = new HashSet<>();

  // Created once: Java's quick compiler makes each of them anew by a chain of method handles.
  private final Predicate<NetworkNamespace> mayHaveLostMember = this::mayHaveLostMember;

  private BitSet pids = new BitSet();
  private List<String> strays = List.of();
  private int cursor = -1;
  private @Nullable Duration lastLook;
  private Duration sinceLastLook = SOON;
  private boolean behind;
  private int looks;

  /** Knows no namespace yet. */
  public Namespaces(String source, ProcessList processes, NamespaceOpener opener) {
    this(source, processes, opener, Ticker.SYSTEM);
  }

  Namespaces(String source, ProcessList processes, NamespaceOpener opener, Ticker ticker) {
    this.ticker = ticker;
    this.processes = processes;
    this.source = source;
    this.proc = processes.reader();
    this.tree = HostTree.watching(proc);
    this.named = new NamedNamespaces(source, proc, tree);
    this.known = new KnownNamespaces(source, proc, opener);
    this.links = new NamespaceLinks(source, proc, known::inodeOf);
    this.threads = new ThreadTurns(new ThreadList(proc));
    this.arrivals = new ArrivalTurns(this::user);
    this.mounts = new MountTurns(source, proc, known);
    this.members = new MemberSearch(proc, links, known);
    this.orphans = new OrphanSearch(known, members, processes);
  }

  /** Returns the known namespaces. */
  public Collection<NetworkNamespace> all() {
    return known.all();
  }

  /** Returns one process in each namespace but the agent's own, where one is known. */
  public int[] members() {
    return known.all().stream()
        .filter(namespace -> !namespace.isHost())
        .map(NetworkNamespace::member)
        .filter(Objects::nonNull)
        .mapToInt(ProcessFolder::pid)
        .toArray();
  }

  /** Returns true if the last {@link #refresh} changed a namespace or its name. */
  public boolean changed() {
    return known.changed();
  }

  /**
   * Returns the inodes of the namespaces into which the last {@link #refresh} saw a process come.
   */
  public Set<Long> stirred() {
    return stirred;
  }

  /** Returns true if the look before the last {@link #refresh} had not read all processes. */
  public boolean wasBehind() {
    return behind;
  }

  /** Returns the time between the last {@link #refresh} and the one before. */
  public Duration sinceLastLook() {
    return sinceLastLook;
  }

  /** Returns true if the look before the last {@link #refresh} was a moment ago. */
  public boolean lookedSoon() {
    return sinceLastLook.compareTo(SOON) < 0;
  }

  /**
   * Adds new namespaces and removes those that no longer exist.
   *
   * @param isHeld returns true if a process is known to hold this socket
   */
  public void refresh(List<Gap> gaps, Predicate<KernelSocket> isHeld) {
    known.beginLook();
    NamedNamespaces.FoundNames found = named.look(tree.beginLook(), known::has);
    gaps.addAll(found.gaps());
    strays = List.copyOf(found.strays());
    known.bind(found);
    known.makeRoom();
    TimeBudget budget = TimeBudget.of(ticker, looks == 0 ? MOST_OF_FIRST : MOST);
    checkProcesses(budget);
    orphans.run(pids, mayHaveLostMember, isHeld, budget);
    if (known.changed()) {
      NamespaceNames.give(known.all());
    }
  }

  /** Returns the files under /run/netns that are no network namespaces. */
  public List<String> strays() {
    return strays;
  }

  /** Adds gaps for namespaces that may be missing; call it after the namespaces were scanned. */
  public void addUnseen(List<Gap> gaps) {
    gaps.addAll(known.gaps());
    if (processes.failure() != 0) {
      gaps.add(
          new Gap(
              source,
              Gap.What.NAMESPACE,
              "the processes and their network namespaces cannot be listed: "
                  + Errno.describe(processes.failure())));
    } else if (!pids.get(1)) {
      gaps.add(
          new Gap(
              source,
              Gap.What.NAMESPACE,
              "the processes of other users are hidden (hidepid of /proc), and with them their"
                  + " network namespaces",
              Gap.Cause.PROCESSES_HIDDEN));
    }
    behind = !arrivals.isOver() || mounts.isLate() || !(threads.havePassed() || pids.isEmpty());
    if (behind) {
      gaps.add(notYet());
    }
    gaps.addAll(links.gaps(pids, known.all(), TimeBudget.of(ticker, MOST)));
    gaps.addAll(mounts.gaps());
  }

  /**
   * A namespace that is known is read through its tables, so the gap covers a place that no known
   * namespace has.
   */
  private Gap notYet() {
    return new Gap(
        source,
        Gap.What.NAMESPACE,
        "new processes are still to be read: network namespaces that only they keep may be missing",
        null,
        Place.in("network namespaces of new processes"));
  }

  private long user(int pid) {
    Long uid = proc.ownerOf("proc/" + pid);
    return uid == null ? UserGroup.UNKNOWN : UserGroup.of(uid);
  }

  private void checkProcesses(TimeBudget budget) {
    members.beginLook();
    processes.refresh();
    BitSet arrived = processes.arrivedSince(pids);
    pids = processes.pids();
    arrived.or(links.executing());
    arrivals.add(arrived, pids);
    stirred.clear();
    arrivals.run(budget.part(2), this::checkArrived);
    checkNext(budget.part(4));
    threads.ask(pids, lookedSoon(), budget.part(2), members::check);
    if (mounts.read(looks++, pids, budget.part(2))) {
      arrivals.add(pids, pids);
    }
  }

  private void checkArrived(int pid) {
    Long inode = members.check(pid);
    if (inode != null) {
      stirred.add(inode);
    }
  }

  /** Checks the next processes; at the usual interval those of an ordinary host in one look. */
  private void checkNext(TimeBudget budget) {
    Duration now = ticker.elapsed();
    sinceLastLook = lastLook == null ? SOON : now.minus(lastLook);
    lastLook = now;
    int most = lookedSoon() ? CHECKED_SOON : CHECKED_PER_LOOK;
    for (int i = Math.min(most, pids.cardinality()); i > 0 && !budget.isSpent(); i--) {
      int next = pids.nextSetBit(cursor + 1);
      if (next < 0) {
        known.beginRound();
        next = pids.nextSetBit(0);
      }
      cursor = next;
      members.check(cursor);
    }
  }

  /**
   * Adds the namespaces that only a descriptor keeps.
   *
   * @return true if one of them was not known
   */
  public boolean add(List<NamespaceDescriptors.FoundDescriptor> found) {
    boolean added = false;
    for (NamespaceDescriptors.FoundDescriptor one : found) {
      ProcessFolder holder = known.needsKeeper(one.inode()) ? proc.process(one.pid()) : null;
      if (holder != null) {
        NamespaceKeeper keeper = new DescriptorKeeper(holder, one.descriptor(), one.isSocket());
        added |= known.keep(one.inode(), keeper);
      }
    }
    if (added) {
      NamespaceNames.give(known.all());
    }
    return added;
  }

  /**
   * Removes those that nothing keeps any more, of namespaces whose processes have ended before they
   * were read. All processes are checked first, as others may be in them.
   *
   * @param mayBeHeld returns false if no process holds this socket now
   * @return the removed ones
   */
  public List<NetworkNamespace> removeEnded(
      Collection<NetworkNamespace> lost, Predicate<KernelSocket> mayBeHeld) {
    return orphans.removeEnded(lost, mayBeHeld, TimeBudget.of(ticker, MOST));
  }

  /**
   * Returns true if its process has ended, or is asked in this look: of frequent looks each {@value
   * #LOOKS_PER_MEMBER}th asks, since a process rarely leaves a namespace without ending.
   */
  private boolean mayHaveLostMember(NetworkNamespace namespace) {
    ProcessFolder member = namespace.member();
    return !lookedSoon()
        || member == null
        || !pids.get(member.pid())
        || looks % LOOKS_PER_MEMBER == 0;
  }

  @Override
  public void close() {
    known.close();
    tree.close();
  }
}
