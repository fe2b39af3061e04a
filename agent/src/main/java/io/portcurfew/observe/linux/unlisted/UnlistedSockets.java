package io.portcurfew.observe.linux.unlisted;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Threads;
import io.portcurfew.process.Ticker;
import io.portcurfew.text.CountedNoun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of processes that no table of a known network namespace lists. Such a socket has no
 * address yet, or it is in a namespace that nothing but sockets keeps: without CAP_NET_ADMIN and
 * pidfd_getfd(2) the kernel does not say which. Sockets that root made, and those of programs with
 * CAP_NET_ADMIN, are left out: they keep sockets without an address for requests to the kernel.
 *
 * <p>The comparison with the tables runs on a thread of its own, at most every {@link #BETWEEN},
 * and for at most one in {@value #PAUSE} parts of the time. The bounds are shared by the users who
 * made the sockets.
 */
public final class UnlistedSockets implements AutoCloseable {

  /** A socket usually has an address after this time. */
  static final Duration SETTLED = Duration.ofSeconds(5);

  /** The time between two comparisons. */
  static final Duration BETWEEN = Duration.ofSeconds(30);

  /** The time after which a comparison may wait for a process; it usually takes milliseconds. */
  static final Duration LATE = Duration.ofMinutes(2);

  /** The sockets of one user that are compared at once; the rest is compared later. */
  static final int MOST_OF_USER = 512;

  private static final int PAUSE = 50;

  private static final int MOST = 4_096;
  private static final int MOST_USERS = 8;
  private static final int MOST_NAMED = 4;

  private static final Set<String> WITH_TABLES =
      Set.of(
          "TCP",
          "TCPv6",
          "MPTCP",
          "MPTCPv6",
          "UDP",
          "UDPv6",
          "UDP-Lite",
          "UDPLITEv6",
          "RAW",
          "RAWv6",
          "PACKET");

  private static final String NOT_LISTED = " that no table of a known network namespace lists";

  private static final String FAILED =
      "sockets could not be compared with the tables of the network namespaces";

  private static final Logger LOG = LoggerFactory.getLogger(UnlistedSockets.class);

  private final Ticker ticker;
  private final ProcFs proc;
  private final SocketProtocol protocols;
  private final ExecutorService thread;
  private final PlacesByUser<HeldInode> waiting =
      new PlacesByUser<>(MOST, MOST_OF_USER, HeldInode::user);

  /** Sockets of the host's namespace: one that its peer has reset has no address any more. */
  private final PlacesByUser<HeldInode> ofHost =
      new PlacesByUser<>(MOST, MOST_OF_USER, HeldInode::user);

  private @Nullable Duration compared;
  private boolean running;
  private boolean failed;
  private volatile @Nullable TableComparison result;
  private Duration pause = BETWEEN;
  private Map<HeldInode, HostText> unlisted = Map.of();

  /**
   * The result of a comparison.
   *
   * @param listing {@code null} if the comparison failed
   */
  private record TableComparison(ListingJob.@Nullable ListingResult listing, Duration took) {}

  /** Creates an empty list; the proc must be that of the running host. */
  public UnlistedSockets(ProcFs proc) {
    this(proc, Ticker.SYSTEM, Threads.SYSTEM.oneByOne("portcurfew-unlisted"));
  }

  UnlistedSockets(ProcFs proc, Ticker ticker, ExecutorService thread) {
    this.proc = proc;
    protocols = new SocketProtocol(proc);
    this.ticker = ticker;
    this.thread = thread;
  }

  /**
   * Adds a socket that a process holds, if it is to be compared and there is a place for it.
   *
   * @return true if it never has to be compared: root made it, or no table lists its protocol
   */
  public boolean add(long inode, int pid, int descriptor) {
    SocketProtocol.CreatedSocket socket = protocols.of(inode, pid, descriptor);
    if (socket == null) {
      return false;
    }
    String protocol = socket.protocol();
    boolean wanted = WITH_TABLES.contains(protocol) || protocol.equals(SocketProtocol.UNKNOWN);
    if (!wanted || socket.creator() == UserGroup.ROOT) {
      return true;
    }
    add(new HeldInode(inode, pid, descriptor, protocol, socket.creator(), ticker.elapsed()));
    return false;
  }

  void add(HeldInode socket) {
    waiting.add(socket.inode(), socket);
  }

  /**
   * Returns true if the socket waits for a comparison, or the last one left it unlisted or found it
   * in the host's namespace.
   */
  public boolean isKnown(long inode) {
    return waiting.has(inode) || ofHost.has(inode);
  }

  /**
   * Starts a comparison if one is due, and returns what the last one left unlisted.
   *
   * @param members returns one process in each network namespace but that of the agent
   */
  public List<Gap> look(String source, Supplier<int[]> members) {
    takeResult();
    boolean due = isDue();
    List<HeldInode> settled = due ? settled() : List.of();
    if (!settled.isEmpty() || (due && !ofHost.isEmpty())) {
      compared = ticker.elapsed();
      ListingJob job =
          new ListingJob(proc.apart(), settled, List.copyOf(ofHost.values()), members.get());
      running = DaemonThreads.execute(thread, () -> result = compare(job));
      failed |= !running;
    }
    List<Gap> gaps = gaps(source, unlisted);
    if (failed || isLate()) {
      gaps.add(gap(source, FAILED));
    }
    return gaps;
  }

  /** True until the result of a comparison was taken. */
  boolean isComparing() {
    return running;
  }

  /** A bug must not end the comparisons. */
  private TableComparison compare(ListingJob job) {
    try {
      Duration began = ticker.elapsed();
      return new TableComparison(job.run(), ticker.since(began));
    } catch (RuntimeException | Error bug) {
      LOG.error("comparing sockets with the tables failed; this is a bug in Portcurfew", bug);
      return new TableComparison(null, Duration.ZERO);
    }
  }

  private boolean isLate() {
    Duration began = compared;
    return running && began != null && ticker.since(began).compareTo(LATE) >= 0;
  }

  private boolean isDue() {
    Duration last = compared;
    return !running && (last == null || ticker.since(last).compareTo(pause) >= 0);
  }

  private List<HeldInode> settled() {
    return waiting.values().stream()
        .filter(one -> ticker.since(one.since()).compareTo(SETTLED) >= 0)
        .toList();
  }

  /**
   * A socket that is listed or closed is forgotten, and may be added again; the rest is compared
   * again. A comparison that failed changes nothing.
   */
  private void takeResult() {
    TableComparison comparison = result;
    if (comparison != null) {
      ListingJob.ListingResult ended = comparison.listing();
      result = null;
      running = false;
      failed = ended == null;
      if (ended == null) {
        return;
      }
      Duration share = comparison.took().multipliedBy(PAUSE);
      pause = share.compareTo(BETWEEN) > 0 ? share : BETWEEN;
      Duration before = compared;
      waiting.removeIf(
          one ->
              before != null
                  && before.minus(one.since()).compareTo(SETTLED) >= 0
                  && !ended.unlisted().containsKey(one));
      unlisted = ended.unlisted();
      ofHost.removeIf(one -> !ended.ofHost().contains(one));
      ended.ofHost().forEach(one -> ofHost.add(one.inode(), one));
    }
  }

  /** Makes one gap for each user, and one for all users beyond the bound. */
  static List<Gap> gaps(String source, Map<HeldInode, HostText> unlisted) {
    if (unlisted.isEmpty()) {
      return new ArrayList<>(0);
    }
    Map<Long, List<HeldInode>> users = new TreeMap<>();
    unlisted
        .keySet()
        .forEach(one -> users.computeIfAbsent(one.user(), key -> new ArrayList<>()).add(one));
    List<Gap> gaps = new ArrayList<>();
    users.entrySet().stream()
        .limit(MOST_USERS)
        .map(entry -> describe(entry.getKey(), entry.getValue(), unlisted))
        .forEach(why -> gaps.add(gap(source, why)));
    long more = users.values().stream().skip(MOST_USERS).mapToLong(List::size).sum();
    if (more > 0) {
      String of = " of " + CountedNoun.of(users.size() - MOST_USERS, "more user");
      gaps.add(gap(source, count(more, unlisted.size() >= MOST) + of + NOT_LISTED));
    }
    return gaps;
  }

  private static Gap gap(String source, String why) {
    return new Gap(source, Gap.What.PROTOCOL, why, Gap.Cause.SOCKETS_UNLISTED);
  }

  private static String count(long sockets, boolean full) {
    return (full ? "at least " : "") + CountedNoun.of(sockets, "socket");
  }

  private static String describe(
      long user, List<HeldInode> sockets, Map<HeldInode, HostText> names) {
    String named =
        sockets.stream()
            .map(one -> one.protocol() + " of " + names.get(one) + "[" + one.pid() + "]")
            .distinct()
            .limit(MOST_NAMED)
            .collect(Collectors.joining(", "));
    return count(sockets.size(), sockets.size() >= MOST_OF_USER || names.size() >= MOST)
        + " of "
        + UserGroup.label(user)
        + NOT_LISTED
        + " ("
        + named
        + "): without an address, or in a namespace that only sockets keep";
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
