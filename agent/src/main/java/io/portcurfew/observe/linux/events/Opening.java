package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Protocol;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Openings of one endpoint by one program of one user that wait for a look. */
final class Opening {

  /** The sockets that are followed; a program that opens more at once is counted only. */
  private static final int MOST_SOCKETS = 64;

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
      @Nullable String path) {}

  private final Key key;
  private final String source;
  private final ProcessGlimpse process;
  private final Duration first;
  private final Set<Long> open = new HashSet<>();
  private Duration last;

  /** Also written while it is looked at. */
  private volatile @Nullable Duration lastClosedAfter;

  private @Nullable Duration atMost;
  private boolean reported;
  private long count;

  Opening(Key key, String source, ProcessGlimpse process, Duration first) {
    this.key = key;
    this.source = source;
    this.process = process;
    this.first = first;
    this.last = first;
  }

  void opened(SocketChange change) {
    long socket = change.socket();
    count++;
    last = change.at();
    lastClosedAfter = null;
    reported = change.endFollows();
    if (socket != 0 && open.size() < MOST_SOCKETS) {
      open.add(socket);
    }
  }

  void closed(long socket, Duration at) {
    if (open.remove(socket) && open.isEmpty()) {
      lastClosedAfter = at.minus(last);
    }
  }

  /** A socket of which only the end is known was open for at most so long. */
  void ended(Duration at, Duration most) {
    count++;
    last = at;
    atMost = most;
  }

  /** How long it was open at most, if only its end is known; else {@code null}. */
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

  /** True if the source reports the end of each socket too. */
  boolean closingIsReported() {
    return reported;
  }

  /** How long the last one was open; {@code null} if it is open as far as the events say. */
  @Nullable Duration closedAfter() {
    return lastClosedAfter;
  }
}
