package io.portcurfew.observe.linux.unlisted;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.Threads;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

  private final ProcFs proc;
  private final Ticker ticker;
  private final SocketProtocol protocols = new SocketProtocol();
  private final ExecutorService thread = Threads.SYSTEM.oneByOne("portcurfew-unlisted");
  private final Map<Long, HeldInode> waiting = new LinkedHashMap<>();
  private final Map<Long, Integer> byUser = new HashMap<>();
  private @Nullable Duration compared;
  private boolean running;
  private volatile @Nullable TableComparison result;
  private Duration took = Duration.ZERO;
  private Map<HeldInode, HostText> unlisted = Map.of();

  /** What a comparison left unlisted, each with the name of its holder, and its duration. */
  private record TableComparison(Map<HeldInode, HostText> unlisted, Duration took) {}

  /** Creates an empty list; the proc must be that of the running host. */
  public UnlistedSockets(ProcFs proc) {
    this(proc, Ticker.SYSTEM);
  }

  UnlistedSockets(ProcFs proc, Ticker ticker) {
    this.proc = proc;
    this.ticker = ticker;
  }

  /**
   * Adds a socket that a process holds.
   *
   * @return false if there is no place for it now
   */
  public boolean add(long inode, int pid, int descriptor) {
    String protocol = protocols.of(pid, descriptor);
    boolean wanted = WITH_TABLES.contains(protocol) || protocol.equals(SocketProtocol.UNKNOWN);
    Long creator = wanted ? proc.ownerOf("proc/" + pid + "/fd/" + descriptor) : null;
    if (creator == null || creator == UserGroup.ROOT) {
      return true;
    }
    long user = UserGroup.of(creator);
    if (waiting.size() >= MOST || byUser.getOrDefault(user, 0) >= MOST_OF_USER) {
      return false;
    }
    HeldInode socket = new HeldInode(inode, pid, descriptor, protocol, user, ticker.elapsed());
    if (waiting.putIfAbsent(inode, socket) == null) {
      byUser.merge(user, 1, Integer::sum);
    }
    return true;
  }

  /**
   * Starts a comparison if one is due, and returns what the last one left unlisted.
   *
   * @param members returns one process in each network namespace but that of the agent
   */
  public List<Gap> look(String source, Supplier<int[]> members) {
    takeResult();
    List<HeldInode> settled = isDue() ? settled() : List.of();
    if (!settled.isEmpty()) {
      running = true;
      compared = ticker.elapsed();
      ListingJob job = new ListingJob(settled, members.get());
      thread.execute(() -> result = compare(job));
    }
    return gaps(source, unlisted);
  }

  /** True until the result of a comparison was taken. */
  boolean isComparing() {
    return running;
  }

  private TableComparison compare(ListingJob job) {
    Duration began = ticker.elapsed();
    return new TableComparison(job.unlisted(), ticker.since(began));
  }

  private boolean isDue() {
    Duration last = compared;
    Duration pause = took.multipliedBy(PAUSE);
    Duration least = pause.compareTo(BETWEEN) > 0 ? pause : BETWEEN;
    return !running && (last == null || ticker.since(last).compareTo(least) >= 0);
  }

  private List<HeldInode> settled() {
    return waiting.values().stream()
        .filter(one -> ticker.since(one.since()).compareTo(SETTLED) >= 0)
        .toList();
  }

  /** What is listed or closed is forgotten; what is not listed is compared again. */
  private void takeResult() {
    TableComparison comparison = result;
    if (comparison != null) {
      Map<HeldInode, HostText> ended = comparison.unlisted();
      took = comparison.took();
      result = null;
      running = false;
      Duration before = compared;
      waiting
          .values()
          .removeIf(
              one ->
                  before != null
                      && before.minus(one.since()).compareTo(SETTLED) >= 0
                      && !ended.containsKey(one));
      byUser.clear();
      waiting.values().forEach(one -> byUser.merge(one.user(), 1, Integer::sum));
      unlisted = ended;
    }
  }

  /** Makes one gap for each user. */
  static List<Gap> gaps(String source, Map<HeldInode, HostText> unlisted) {
    Map<Long, List<HeldInode>> users = new TreeMap<>();
    unlisted
        .keySet()
        .forEach(one -> users.computeIfAbsent(one.user(), key -> new ArrayList<>()).add(one));
    return users.entrySet().stream()
        .limit(MOST_USERS)
        .map(
            entry ->
                new Gap(
                    source,
                    Gap.What.PROTOCOL,
                    describe(entry.getKey(), entry.getValue(), unlisted),
                    Gap.Cause.SOCKETS_UNLISTED))
        .toList();
  }

  private static String describe(
      long user, List<HeldInode> sockets, Map<HeldInode, HostText> names) {
    String named =
        sockets.stream()
            .map(one -> one.protocol() + " of " + names.get(one) + "[" + one.pid() + "]")
            .distinct()
            .limit(MOST_NAMED)
            .collect(Collectors.joining(", "));
    String count = sockets.size() >= MOST_OF_USER ? "at least " : "";
    return count
        + sockets.size()
        + (sockets.size() == 1 ? " socket" : " sockets")
        + " of "
        + UserGroup.label(user)
        + " that no table of a known network namespace lists ("
        + named
        + "): without an address, or in a namespace that only sockets keep";
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
