package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.events.source.ProcessGlimpse;
import io.portcurfew.observe.linux.events.source.SocketChange;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.observe.linux.unlisted.UnlistedOpenings;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Openings of one endpoint by one program of one user that wait for a look. */
final class Opening {

  /**
   * The sockets that are followed; a program that opens more at once is counted only. A server may
   * open one for each of its workers (SO_REUSEPORT, socket(7)).
   */
  private static final int MOST_SOCKETS = 256;

  /**
   * The openings that are one.
   *
   * @param namespace the inode of the network namespace; {@code null} if unknown
   */
  record Key(
      Protocol protocol,
      Address address,
      int port,
      @Nullable Long namespace,
      @Nullable Long uid,
      @Nullable Long realUid,
      @Nullable String path) {}

  /**
   * Sockets that have closed, each in the namespace of the host or in that of its process.
   *
   * @param openFor how long the last one was open
   */
  record Doubt(long count, Duration openFor) {

    private static Doubt and(@Nullable Doubt before, Doubt next) {
      return before == null ? next : new Doubt(before.count + next.count, next.openFor);
    }
  }

  private final Key key;
  private final String source;
  private final ProcessGlimpse process;
  private final Duration first;
  private final Set<Long> open = new HashSet<>();
  private Set<Long> taken = Set.of();
  private Duration last;

  /** Also written while it is looked at. */
  private volatile @Nullable Duration lastClosedAfter;

  /** Sockets close while it is looked at. */
  private final AtomicReference<@Nullable Doubt> doubt = new AtomicReference<>();

  private volatile @Nullable Duration notOfHostAt;
  private boolean isDoubtful;
  private @Nullable Duration atMost;
  private boolean reported;
  private long notFollowed;
  private long count;

  Opening(Key key, String source, ProcessGlimpse process, Duration first) {
    this.key = key;
    this.source = source;
    this.process = process;
    this.first = first;
    this.last = first;
  }

  void opened(SocketChange change, boolean mayBeOfHost) {
    isDoubtful |= mayBeOfHost;
    long socket = change.socket();
    count++;
    last = change.at();
    lastClosedAfter = null;
    reported = change.endFollows();
    if (socket != 0 && open.size() < MOST_SOCKETS) {
      open.add(socket);
    } else if (socket != 0) {
      notFollowed++;
    }
  }

  void closed(long socket, Duration at) {
    if (!open.remove(socket)) {
      return;
    }
    if (open.isEmpty()) {
      lastClosedAfter = at.minus(last);
    }
    Duration elsewhere = notOfHostAt;
    if (isDoubtful && (elsewhere == null || at.compareTo(elsewhere) <= 0)) {
      doubt.accumulateAndGet(new Doubt(1, at.minus(last)), Doubt::and);
    }
  }

  /**
   * The host did not show the listener, so the sockets that are open then are elsewhere.
   *
   * @param moment after the host was asked
   */
  void isNotOfHost(Duration moment) {
    notOfHostAt = moment;
  }

  /** True if sockets have closed that may have been those of the host. */
  boolean hasDoubt() {
    return doubt.get() != null;
  }

  /** Takes what is known of these sockets; {@code null} if there are none. */
  @Nullable Doubt takeDoubt() {
    return doubt.getAndSet(null);
  }

  /** True if its socket may be one of the host although its process is not there. */
  boolean mayBeOfHost() {
    return isDoubtful;
  }

  /** Adds a socket whose opening is not known. */
  void ended(Duration at, Duration most) {
    count++;
    last = at;
    atMost = most;
  }

  /** The longest time for which it was open, if only its end is known; else {@code null}. */
  @Nullable Duration openAtMost() {
    return atMost;
  }

  Key key() {
    return key;
  }

  String source() {
    return source;
  }

  ProcessGlimpse process() {
    return process;
  }

  Duration first() {
    return first;
  }

  Duration last() {
    return last;
  }

  long count() {
    return count;
  }

  Set<Long> openSockets() {
    return open;
  }

  /** A look takes it; ends from now on are not those of an opening that waits. */
  void taken() {
    taken = Set.copyOf(open);
  }

  /** The sockets that were open when the look took it, and whose ends come later. */
  Set<Long> socketsOfLook() {
    return taken;
  }

  /** The number of sockets beyond those that are followed. */
  long notFollowed() {
    return notFollowed;
  }

  /** True if the source reports the end of each socket too. */
  boolean closingIsReported() {
    return reported;
  }

  /**
   * The opening while no look has confirmed it.
   *
   * @param host the inode of the network namespace of the agent; {@code null} if unknown, so that
   *     any may be it
   */
  UnlistedOpenings.Unconfirmed unconfirmed(@Nullable Long host) {
    return new UnlistedOpenings.Unconfirmed(
        key.protocol(),
        key.address(),
        key.port(),
        host == null || host.equals(key.namespace()) ? null : key.namespace(),
        opener(),
        userGroup(),
        first);
  }

  /** The {@linkplain UserGroup group} of users by whom bounds are shared out. */
  long userGroup() {
    Long uid = process.accountable();
    return uid == null ? UserGroup.UNKNOWN : UserGroup.of(uid);
  }

  private String opener() {
    HostText path = process.path() == null ? null : HostText.of(process.path());
    HostText name = process.name() == null ? path : process.name();
    return name == null
        ? "process " + process.pid() + ", which has ended,"
        : name + "[" + process.pid() + "]";
  }

  /** The time for which the last one was open; {@code null} if no event reported its end. */
  @Nullable Duration closedAfter() {
    return lastClosedAfter;
  }
}
